import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  print,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { hasSharedPayload } from '../../schema/shared-payload.ts';

/** What an event's payload depends on, besides the event and what the caller may see. */
export type SharingPlan = {
  /** The operation as text, without the arguments of its field. */
  selection: string;
  /** The variables that it still uses then. */
  variables: readonly string[];
};

/** Null for an operation that is not shared: any that is not a subscription, or that the schema does not mark. */
export type PlanOf = (document: DocumentNode, operationName: string | null | undefined) => SharingPlan | null;

export type SharingArgs = Pick<ExecutionArgs, 'variableValues'> & {
  /** Identifies what the caller may see: callers with the same value see the same. */
  visibility: string;
};

/** Subscriptions with the same key get the same payload for an event. */
export function sharingKey({ selection, variables }: SharingPlan, { visibility, variableValues }: SharingArgs): string {
  const values = variableValues ?? {};
  // An omitted variable differs from null: it may have a default.
  const given = variables.map((name) => (Object.hasOwn(values, name) ? [name, values[name]] : [name]));
  return JSON.stringify([visibility, selection, given]);
}

/** Plans are kept with their document. */
export function createSharingPlanner(schema: GraphQLSchema): PlanOf {
  const plansOf = new WeakMap<DocumentNode, Map<string, SharingPlan | null>>();
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return null;
    const name = operation.name?.value ?? '';
    const plans = plansOf.get(document) ?? new Map<string, SharingPlan | null>();
    plansOf.set(document, plans);
    const plan = plans.get(name) ?? createPlan(schema, separateOperations(document)[name] as DocumentNode);
    plans.set(name, plan);
    return plan;
  };
}

function createPlan(schema: GraphQLSchema, document: DocumentNode): SharingPlan | null {
  const typeInfo = new TypeInfo(schema);
  let areAllShared = true;
  const withoutArguments = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        if (typeInfo.getParentType() !== schema.getSubscriptionType()) return undefined;
        const field = typeInfo.getFieldDef();
        areAllShared &&= !!field && hasSharedPayload(field);
        return { ...node, arguments: [] };
      },
    }),
  );
  if (!areAllShared) return null;
  const variables = new Set<string>();
  visit(withoutArguments, { VariableDefinition: () => false, Variable: ({ name }) => void variables.add(name.value) });
  const reduced = visit(withoutArguments, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
  });
  return { selection: print(reduced), variables: [...variables] };
}
