import { isWritten, seqOfLogCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../orchestrator/domain/log-messages.ts';
import type { LogFilter, PipeableIterator } from '../orchestrator/ports/log.ts';
import type { WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import { invalidInput } from '../orchestrator/request-error.ts';
import { type LineRange, type ReadLinesDeps, readLines } from './read-lines.ts';

type Deps = ReadLinesDeps & { workflows: Pick<WorkflowReads, 'latestByRooms'> };
type Args = LogFilter & { after?: string };

/**
 * A room's lines after the one with the id `after`, or from the first line of the latest workflow. Given a workflow,
 * only that workflow's lines and then the end: the room's lines from `logStartSeq` (exclusive) to `logEndSeq`.
 */
export async function watchAgentLogs(
  deps: Deps,
  viewerId: string,
  roomId: string,
  workflow: WorkflowRecord | null,
  { after, ...filter }: Args,
): Promise<PipeableIterator<LogLine>> {
  const afterSeq = after == null ? null : seqOf(after, roomId, await headOf(deps, roomId));
  if (workflow !== null) {
    return readLines(deps, { ...linesOfWorkflow(workflow, afterSeq ?? 0), ...selection(filter) });
  }
  const begin = afterSeq ?? (await latestWorkflow(deps, viewerId, roomId))?.logStartSeq ?? 0;
  return readLines(deps, {
    ...linesOfRoom(deps, viewerId, roomId),
    after: begin,
    upTo: Number.POSITIVE_INFINITY,
    ...selection(filter),
  });
}

/**
 * The lines that exist now and then the end: those after the one with the id `after`, or from the first that is kept.
 * Given a workflow, only that workflow's lines.
 */
export async function readAgentLogs(
  deps: Deps,
  viewerId: string,
  roomId: string,
  workflow: WorkflowRecord | null,
  { after, ...filter }: Args,
): Promise<AsyncIterableIterator<LogLine>> {
  const head = await headOf(deps, roomId);
  const afterSeq = after == null ? 0 : seqOf(after, roomId, head);
  const range =
    workflow === null
      ? { ...linesOfRoom(deps, viewerId, roomId), after: afterSeq, upTo: head }
      : linesOfWorkflow(workflow, afterSeq);
  return readLines(deps, { ...range, upTo: Math.min(range.upTo, head), ...selection(filter) });
}

/**
 * A cursor beyond the log's end was never issued. Following it would wait in silence until the log had passed it.
 * @throws {RequestError} INVALID_INPUT
 */
function seqOf(after: string, roomId: string, head: number): number {
  const seq = seqOfLogCursor(roomId, after);
  if (seq === null) throw invalidInput('after', 'is not the id of a line of this room');
  if (!isWritten(seq, head)) throw invalidInput('after', 'is the id of a line that does not exist yet');
  return seq;
}

async function headOf({ logs }: Deps, roomId: string): Promise<number> {
  return (await logs.heads([roomId])).get(roomId) ?? 0;
}

async function latestWorkflow({ workflows }: Deps, viewerId: string, roomId: string) {
  const [latest] = await workflows.latestByRooms(viewerId, [roomId]);
  return latest;
}

function linesOfRoom(deps: Deps, viewerId: string, roomId: string): Pick<LineRange, 'roomId' | 'workflowOfRemoved'> {
  return {
    roomId,
    // A room that had lines has a workflow.
    workflowOfRemoved: async (next) => next?.workflowId ?? (await latestWorkflow(deps, viewerId, roomId))?.id ?? roomId,
  };
}

function linesOfWorkflow(workflow: WorkflowRecord, afterSeq: number): LineRange {
  const { id, roomId, logStartSeq, logEndSeq } = workflow;
  return {
    roomId,
    after: Math.max(afterSeq, logStartSeq),
    upTo: logEndSeq ?? Number.POSITIVE_INFINITY,
    workflowOfRemoved: () => id,
    endsAt(line) {
      if (line.workflowId !== id) return 'past';
      return line.agentType === 'orchestrator' && line.metadata?.['event'] === FINISHED_EVENT ? 'last' : null;
    },
  };
}

/** An empty list selects everything, like a missing one. */
function selection({ agentTypes, levels }: LogFilter): Pick<LineRange, 'selects'> {
  const types = agentTypes?.length ? new Set(agentTypes) : null;
  const wanted = levels?.length ? new Set(levels) : null;
  if (types === null && wanted === null) return {};
  return {
    selects: (line) => (types?.has(line.agentType) ?? true) && (wanted?.has(line.level) ?? true),
  };
}
