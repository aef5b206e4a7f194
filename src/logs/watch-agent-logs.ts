import { seqOfLogCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../orchestrator/domain/narration.ts';
import { invalidInput } from '../orchestrator/errors.ts';
import type { LogFilter, LogReader, WorkflowReads } from '../orchestrator/ports.ts';
import type { WorkflowRecord } from '../orchestrator/records.ts';
import type { Hub } from './hub.ts';
import { type LineRange, readLines } from './read-lines.ts';

type Deps = { hub: Hub; logs: LogReader; workflows: Pick<WorkflowReads, 'latestByRooms'> };
type Args = LogFilter & { after?: string };

/**
 * A room's lines after the one whose id is `after`; without it from the first line of the latest workflow. With a
 * workflow only its lines, which are the room's from `logStartSeq` (exclusive) to `logEndSeq`, and then the end.
 */
export async function watchAgentLogs(
  { hub, logs, workflows }: Deps,
  viewerId: string,
  roomId: string,
  workflow: WorkflowRecord | null,
  { after, ...filter }: Args,
): Promise<AsyncIterableIterator<LogLine>> {
  const afterSeq = after == null ? null : await resumeSeq(logs, roomId, after);
  const selects = selection(filter);
  if (workflow !== null) {
    return readLines(hub, logs, { ...linesOf(workflow, afterSeq ?? 0), ...selects });
  }
  const begin = afterSeq ?? (await workflows.latestByRooms(viewerId, [roomId]))[0]?.logStartSeq ?? 0;
  return readLines(hub, logs, { roomId, after: begin, upTo: Infinity, ...selects });
}

/**
 * A cursor beyond the log's end was never given out: followed, it would wait in silence for the log to pass it.
 * @throws {RequestError} INVALID_INPUT
 */
async function resumeSeq(logs: LogReader, roomId: string, after: string): Promise<number> {
  const seq = seqOfLogCursor(roomId, after);
  if (seq === null) throw invalidInput('after', 'is not the id of a line of this room');
  const head = (await logs.heads([roomId])).get(roomId) ?? 0;
  if (seq > head) throw invalidInput('after', 'is the id of no line yet');
  return seq;
}

function linesOf(workflow: WorkflowRecord, afterSeq: number): LineRange {
  const { id, roomId, logStartSeq, logEndSeq } = workflow;
  return {
    roomId,
    after: Math.max(afterSeq, logStartSeq),
    upTo: logEndSeq ?? Infinity,
    endsAt(line) {
      if (line.workflowId !== id) return 'past';
      return line.agentType === 'orchestrator' && line.metadata?.['event'] === FINISHED_EVENT ? 'last' : null;
    },
  };
}

/** An empty list, like none, selects everything. */
function selection({ agentTypes, levels }: LogFilter): Pick<LineRange, 'selects'> {
  const types = agentTypes?.length ? new Set(agentTypes) : null;
  const wanted = levels?.length ? new Set(levels) : null;
  if (types === null && wanted === null) return {};
  return {
    selects: (line) => (types?.has(line.agentType) ?? true) && (wanted?.has(line.level) ?? true),
  };
}
