import { drizzle } from 'drizzle-orm/postgres-js';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import type { Db } from '../../../src/db/client.ts';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import * as tables from '../../../src/db/tables.ts';
import { DEFAULT_AGENT_TIMEOUTS_MS } from '../../../src/orchestrator/domain/agents.ts';
import type { Subscriptions } from '../../../src/orchestrator/ports/log.ts';
import type { WorkflowService } from '../../../src/orchestrator/workflow-service.ts';
import { createContext, type GraphQLContext } from '../../../src/schema/context.ts';
import { buildSchema } from '../../../src/schema/index.ts';
import type { TestDatabase } from '../databases/test-database.ts';
import { fake } from '../fake.ts';

export const schema = buildSchema();

type Variables = Record<string, unknown>;

/** The context for executing operations against a database without a server. Absent services must not be called. */
export function contextOf(
  db: Db,
  viewerId: string,
  deps: { workflows?: WorkflowService; subscriptions?: Subscriptions } = {},
): GraphQLContext {
  const absent = {
    workflows: fake<WorkflowService>('workflows'),
    subscriptions: fake<Subscriptions>('subscriptions'),
    agentTimeoutsMs: DEFAULT_AGENT_TIMEOUTS_MS,
    issueRoomToken: () => {
      throw new Error('unexpected use of issueRoomToken');
    },
    reportAgents: () => {
      throw new Error('unexpected use of reportAgents');
    },
  };
  return createContext({ reads: createReads(db), ...absent, ...deps }, { viewerId });
}

async function run(context: GraphQLContext, text: string, variableValues: Variables = {}): Promise<ExecutionResult> {
  const document = parse(text);
  const invalid = validate(schema, document);
  if (invalid.length > 0) return { errors: invalid };
  return await execute({ schema, document, variableValues, contextValue: context });
}

/** Executes an operation and returns its data as plain JSON. @throws on any error */
export async function dataOf<T = Record<string, unknown>>(
  context: GraphQLContext,
  text: string,
  variables?: Variables,
): Promise<T> {
  const { data, errors } = await run(context, text, variables);
  if (errors !== undefined) throw new AggregateError(errors, errors.map(String).join('\n'));
  return JSON.parse(JSON.stringify(data)) as T;
}

/** Executes an operation and returns the code and details of the RequestError that a resolver threw. */
export async function errorOf(context: GraphQLContext, text: string, variables?: Variables) {
  const { errors } = await run(context, text, variables);
  const { code, details } = (errors?.[0]?.originalError ?? {}) as { code?: string; details?: unknown };
  return { code, details };
}

/** The same database, with a list of the statements that are sent to it. */
export function countStatements({ client }: Pick<TestDatabase, 'client'>): { db: Db; statements: string[] } {
  const statements: string[] = [];
  const db = drizzle(client, { schema: tables, logger: { logQuery: (query) => statements.push(query) } });
  return { db, statements };
}
