import { parse } from 'graphql';

/** Whether the operation subscribes to a room's log, whose events are shown below each other. */
export function isLog(query: string, operationName: string | null | undefined): boolean {
  try {
    return parse(query).definitions.some(
      (definition) =>
        definition.kind === 'OperationDefinition' &&
        definition.operation === 'subscription' &&
        (!operationName || definition.name?.value === operationName) &&
        definition.selectionSet.selections.some(
          (selection) => selection.kind === 'Field' && selection.name.value === 'agentLogs',
        ),
    );
  } catch {
    return false;
  }
}

const WIDTHS: Readonly<Record<string, number>> = { seq: 3, agentType: 12, level: 7 };

/** One line of a log, whatever fields it was asked for, in their order. */
export function lineText(line: Readonly<Record<string, unknown>>): string {
  return Object.entries(line)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([field, value]) => cell(field, value))
    .join('  ')
    .trimEnd()
    .replaceAll('\n', '\n      ');
}

function cell(field: string, value: unknown): string {
  if (field === 'timestamp' && typeof value === 'string') return /T(.*)Z$/.exec(value)?.[1] ?? value;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.padEnd(WIDTHS[field] ?? 0);
}
