import { type OperationDefinitionNode, parse } from 'graphql';

/**
 * The operation to execute. GraphiQL learns a document's names after a delay: just after another tab was opened, it
 * still passes the name of the last tab's operation. Null if the document has errors, or none or several fit.
 */
export function executedOperation(query: string, name: string | null | undefined): OperationDefinitionNode | null {
  try {
    const operations = parse(query).definitions.filter((definition) => definition.kind === 'OperationDefinition');
    const named = operations.find((operation) => operation.name?.value === name);
    return named ?? (operations.length === 1 ? (operations[0] ?? null) : null);
  } catch {
    return null;
  }
}

/** Whether it subscribes to a room's log, whose events are shown below each other. */
export const isLog = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === 'subscription' &&
  selectionSet.selections.some((selection) => selection.kind === 'Field' && selection.name.value === 'agentLogs');
