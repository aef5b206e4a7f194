import { isWritten, seqOfLogCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../orchestrator/domain/log-messages.ts';
import { invalidInput } from '../orchestrator/errors.ts';
import type { LogFilter, LogReader, PipeableIterator } from '../orchestrator/ports/log.ts';
import type { WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
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
): Promise<PipeableIterator<LogLine>> {
  const afterSeq = after == null ? null : seqUpTo(await headOf(logs, roomId), roomId, after);
  const selects = selection(filter);
  if (workflow !== null) {
    return readLines(hub, logs, { ...linesOf(workflow, afterSeq ?? 0), ...selects });
  }
  const room = roomOf(workflows, viewerId, roomId);
  const begin = afterSeq ?? (await room.latest())?.logStartSeq ?? 0;
  return readLines(hub, logs, { ...room.lines, after: begin, upTo: Infinity, ...selects });
}

/**
 * The lines that are written now after the one whose id is `after`, without it from the first that is kept, and then
 * the end. With a workflow only its lines.
 */
export async function readAgentLogs(
  { hub, logs, workflows }: Deps,
  viewerId: string,
  roomId: string,
  workflow: WorkflowRecord | null,
  { after, ...filter }: Args,
): Promise<AsyncIterableIterator<LogLine>> {
  const head = await headOf(logs, roomId);
  const afterSeq = after == null ? 0 : seqUpTo(head, roomId, after);
  const range =
    workflow === null
      ? { ...roomOf(workflows, viewerId, roomId).lines, after: afterSeq, upTo: head }
      : linesOf(workflow, afterSeq);
  return readLines(hub, logs, { ...range, upTo: Math.min(range.upTo, head), ...selection(filter) });
}

/**
 * A cursor beyond the log's end was never given out: followed, it would wait in silence for the log to pass it.
 * @throws {RequestError} INVALID_INPUT
 */
function seqUpTo(head: number, roomId: string, after: string): number {
  const seq = seqOfLogCursor(roomId, after);
  if (seq === null) throw invalidInput('after', 'is not the id of a line of this room');
  if (!isWritten(seq, head)) throw invalidInput('after', 'is the id of no line yet');
  return seq;
}

async function headOf(logs: LogReader, roomId: string): Promise<number> {
  return (await logs.heads([roomId])).get(roomId) ?? 0;
}

function roomOf(workflows: Deps['workflows'], viewerId: string, roomId: string) {
  const latest = async () => (await workflows.latestByRooms(viewerId, [roomId]))[0];
  return {
    latest,
    lines: {
      roomId,
      // A room that had lines has a workflow.
      workflowOfRemoved: async (next: LogLine | undefined) => next?.workflowId ?? (await latest())?.id ?? roomId,
    },
  };
}

function linesOf(workflow: WorkflowRecord, afterSeq: number): LineRange {
  const { id, roomId, logStartSeq, logEndSeq } = workflow;
  return {
    roomId,
    after: Math.max(afterSeq, logStartSeq),
    upTo: logEndSeq ?? Infinity,
    workflowOfRemoved: () => id,
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
