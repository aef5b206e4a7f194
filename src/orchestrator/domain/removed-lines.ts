import { logCursor } from './cursor.ts';
import type { LogLine } from './log-line.ts';

const LINES_REMOVED_EVENT = 'lines.removed';

/**
 * What a reader is told in the place of lines that are no longer kept. It is never stored; with the id and `seq` of the
 * last of them, whoever passes it back goes on where the log goes on.
 * @param removed the first and the last `seq` of those that this reader misses
 */
export function removedLines(
  place: { roomId: string; workflowId: string },
  removed: { from: number; to: number },
  timestamp: Date,
): LogLine {
  const { from, to } = removed;
  const count = to - from + 1;
  return {
    ...place,
    ...{ id: logCursor(place.roomId, to), seq: to, timestamp, agentType: 'orchestrator', level: 'warn' },
    message: count === 1 ? `Line ${to} is no longer kept` : `Lines ${from} to ${to} are no longer kept`,
    metadata: { event: LINES_REMOVED_EVENT, from, to },
  };
}
