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
