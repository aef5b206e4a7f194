import {
  type DocumentNode,
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

/** What the text of an event depends on, besides the event and the viewer. */
export type SharingPlan = {
  /** The operation without its field's arguments, as it is printed. */
  selection: string;
  /** Variables that it uses even so. */
  variables: readonly string[];
};

/** The plan of an operation, or null for one that is not shared: no subscription, or one that its schema does not mark. */
export function createSharingPlans(schema: GraphQLSchema) {
  const plans = new WeakMap<DocumentNode, Map<string, SharingPlan | null>>();
  return (document: DocumentNode, operationName: string | null | undefined): SharingPlan | null => {
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return null;
    const name = operation.name?.value ?? '';
    const known = plans.get(document) ?? new Map<string, SharingPlan | null>();
    plans.set(document, known);
    const plan = known.get(name) ?? planSharing(schema, separateOperations(document)[name] as DocumentNode);
    known.set(name, plan);
    return plan;
  };
}

function planSharing(schema: GraphQLSchema, document: DocumentNode): SharingPlan | null {
  const typeInfo = new TypeInfo(schema);
  let isAllShared = true;
  const withoutArguments = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        if (typeInfo.getParentType() !== schema.getSubscriptionType()) return undefined;
        const field = typeInfo.getFieldDef();
        isAllShared &&= !!field && hasSharedPayload(field);
        return { ...node, arguments: [] };
      },
    }),
  );
  if (!isAllShared) return null;
  const variables = new Set<string>();
  visit(withoutArguments, { VariableDefinition: () => false, Variable: ({ name }) => void variables.add(name.value) });
  const reduced = visit(withoutArguments, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
  });
  return { selection: print(reduced), variables: [...variables] };
}
