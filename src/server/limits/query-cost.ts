import { type DocumentNode, type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import type { Plugin } from 'graphql-yoga';
import { tooComplex } from './document-limits.ts';

/** The most values that one answer, or one event of a subscription, may hold. */
const MAX_COST = 250_000;

/** Fragments used in fragments can make a short document endless; it is not counted any further. */
const MAX_NODES = 20_000;

/** Lists without `first` or `last`: how many items they have at most, or as a rule. */
const LENGTHS: Readonly<Record<string, number>> = {
  'Viewer.rooms': 20,
  'Viewer.rewards': 20,
  'Room.workflows': 20,
  'Room.logs': 100,
  'Workflow.steps': 4,
  'Step.attempts': 3,
};

/** Fields that are more than one value: an agent's answer may be 10 MiB, a line's metadata 64 KiB. */
const WEIGHTS: Readonly<Record<string, number>> = { 'Step.result': 50, 'AgentLog.metadata': 3 };

/** As many values as the answer can hold. */
const values: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const name = `${type.name}.${field.name}`;
  const { first, last } = args as { first?: unknown; last?: unknown };
  const asked = [first, last].find((count) => typeof count === 'number' && count > 0);
  const length = typeof asked === 'number' ? asked : (LENGTHS[name] ?? 1);
  return (WEIGHTS[name] ?? 1) + childComplexity * length;
};

/**
 * Refuses over HTTP what `tooCostly` finds. With its variables, so after it was validated and before it is executed; a
 * WebSocket asks by itself, since it may take an operation past Yoga.
 */
export const limitCost: Plugin = { onExecute: refuseIfTooCostly, onSubscribe: refuseIfTooCostly };

type Hook = { args: ExecutionArgs; setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void };

function refuseIfTooCostly({ args, setResultAndStopExecution }: Hook): void {
  const refusal = isOverHttp(args.contextValue as object) ? tooCostly(args) : null;
  if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
}

const isOverHttp = (context: object): boolean => 'res' in context && context.res !== undefined;

type Operation = {
  schema: GraphQLSchema;
  document: DocumentNode;
  variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  operationName?: string | null | undefined;
};

/** The refusal of an operation whose answer, or one event of it, could be too large; null: it may be executed. */
export function tooCostly({ schema, document, variableValues, operationName }: Operation): GraphQLError | null {
  const operation = getOperationAST(document, operationName);
  // Which of several, or what a variable should be, is said by whoever executes it.
  if (operation === null || operation === undefined) return null;
  let cost = Number.POSITIVE_INFINITY;
  try {
    cost = getComplexity({
      schema,
      query: document,
      variables: { ...variableValues },
      estimators: [values],
      maxQueryNodes: MAX_NODES,
      ...(operation.name !== undefined && { operationName: operation.name.value }),
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (!/number of nodes/.test(error.message)) return null;
  }
  if (cost <= MAX_COST) return null;
  const found = Number.isFinite(cost) ? `could hold ${cost.toLocaleString('en')} values` : 'is too large to be counted';
  return tooComplex(
    `The answer ${found}; ${MAX_COST.toLocaleString('en')} is the most. Ask for smaller pages (\`first\`, \`last\`) or fewer fields.`,
  );
}
