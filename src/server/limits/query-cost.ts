import { type DocumentNode, type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import type { Plugin } from 'graphql-yoga';
import { tooComplex } from './document-limits.ts';

/** Maximum number of values in one response, or in one event of a subscription. */
const MAX_COST = 250_000;

/** Nested fragments can make a short document expand without end; counting stops after this many nodes. */
const MAX_NODES = 20_000;

/** Expected lengths of lists that are requested without `first` or `last`. */
const LIST_LENGTHS: Readonly<Record<string, number>> = {
  'Query.agents': 4,
  'Viewer.rooms': 20,
  'Viewer.rewards': 20,
  'Room.workflows': 20,
  'Room.logs': 100,
  'Workflow.steps': 4,
  'Step.attempts': 3,
};

/** Fields that count as several values: an agent's result may be 10 MiB, its output 2 MiB, a log line's metadata 64 KiB. */
const WEIGHTS: Readonly<Record<string, number>> = { 'Step.result': 50, 'Step.output': 5, 'AgentLog.metadata': 3 };

/** The number of values that the response can hold. */
const countValues: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const name = `${type.name}.${field.name}`;
  const { first, last } = args as { first?: unknown; last?: unknown };
  const requested = [first, last].find((count) => typeof count === 'number' && count > 0);
  const length = typeof requested === 'number' ? requested : (LIST_LENGTHS[name] ?? 1);
  return (WEIGHTS[name] ?? 1) + childComplexity * length;
};

/**
 * Refuses expensive operations over HTTP. It runs after validation, since the cost depends on the variables. The
 * WebSocket protocol calls `costError` itself, because it executes shared subscriptions without Yoga.
 */
export const limitCost: Plugin = { onExecute: refuseIfTooCostly, onSubscribe: refuseIfTooCostly };

type Hook = { args: ExecutionArgs; setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void };

function refuseIfTooCostly({ args, setResultAndStopExecution }: Hook): void {
  const error = isOverHttp(args.contextValue as object) ? costError(args) : null;
  if (error !== null) setResultAndStopExecution({ errors: [error] });
}

const isOverHttp = (context: object): boolean => 'res' in context && context.res !== undefined;

type Operation = {
  schema: GraphQLSchema;
  document: DocumentNode;
  variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  operationName?: string | null | undefined;
};

/** The error for an operation whose response, or one event of it, could be too large; null if it may be executed. */
export function costError({ schema, document, variableValues, operationName }: Operation): GraphQLError | null {
  const operation = getOperationAST(document, operationName);
  // Execution itself reports an ambiguous operation and invalid variables.
  if (operation === null || operation === undefined) return null;
  let cost = Number.POSITIVE_INFINITY;
  try {
    cost = getComplexity({
      schema,
      query: document,
      variables: { ...variableValues },
      estimators: [countValues],
      maxQueryNodes: MAX_NODES,
      ...(operation.name !== undefined && { operationName: operation.name.value }),
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (!/number of nodes/.test(error.message)) return null;
  }
  if (cost <= MAX_COST) return null;
  const reason = Number.isFinite(cost)
    ? `the response could hold ${cost.toLocaleString('en')} values, at most ${MAX_COST.toLocaleString('en')} are allowed`
    : `its fragments expand to more than ${MAX_NODES.toLocaleString('en')} fields`;
  return tooComplex(`Query too complex: ${reason}. Request smaller pages (\`first\`, \`last\`) or fewer fields.`);
}
