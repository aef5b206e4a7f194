import type { LogLine } from '../room/operations.ts';

/** What the log shows. Null and '': all. */
export type LogFilter = { source: string | null; level: string | null; text: string };

export const NO_FILTER: LogFilter = { source: null, level: null, text: '' };

export const isFiltering = ({ source, level, text }: LogFilter): boolean =>
  source !== null || level !== null || text.trim() !== '';

/** The step that a line is about: also of a line that the orchestrator wrote about an agent. */
export function stepOf({ agentType, metadata }: Pick<LogLine, 'agentType' | 'metadata'>): string | null {
  if (agentType !== 'ORCHESTRATOR') return agentType;
  const agent = isObject(metadata) ? metadata['agent'] : undefined;
  return typeof agent === 'string' ? agent.toUpperCase() : null;
}

export function filterLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  if (!isFiltering(filter)) return lines;
  const text = filter.text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (filter.source === null || stepOf(line) === filter.source) &&
      (filter.level === null || line.level === filter.level) &&
      (text === '' || line.message.toLowerCase().includes(text)),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
