import { useCallback, useEffect, useMemo, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { useLog } from '../log/use-log.ts';
import { usePolling } from '../shared/use-polling.ts';
import { type LogLine, ROOM, type RoomState, WORKFLOW, type WorkflowState } from './operations.ts';
import { useRunOfLine } from './use-run-of-line.ts';

export type RoomData = {
  room: RoomState | null;
  workflow: WorkflowState | null;
  /** The lines of that workflow. */
  lines: readonly LogLine[];
  /** See LogSnapshot. */
  missing: number | null;
  /** Why the room cannot be shown. */
  error: Error | null;
  /** Why the log cannot be read. */
  logError: Error | null;
  /** Shows a run also when a new one starts, until null. */
  pin(workflowId: string | null): void;
};

/**
 * A room with one of its workflows, live.
 * @param namedId null: the one that the line `seq` belongs to; without it, the latest, also when a new one starts
 */
export function useRoom(roomId: string, namedId: string | null, seq: number | null): RoomData {
  const chosenId = useRunOfLine(roomId, namedId === null ? seq : null) ?? namedId;
  const { lines: allLines, missing, error: logError } = useLog(roomId, chosenId);
  // Whoever starts a workflow in this room: its first line says so.
  const newestId = chosenId === null ? allLines.at(-1)?.workflowId : undefined;
  const { room, error } = useRoomState(roomId, newestId);
  const [pinnedId, pin] = useState<string | null>(null);
  const workflowId = chosenId ?? pinnedId ?? newestId ?? room?.latestWorkflow?.id ?? null;
  const workflow = useWorkflow(workflowId);
  const lines = useMemo(() => linesOf(allLines, workflowId), [allLines, workflowId]);
  return { room, workflow, lines, missing, error, logError, pin };
}

const MISSING = new Error('There is no such room, or it belongs to someone else.');

/** The room and its runs, read again and again, since others may start runs too. */
function useRoomState(roomId: string, newestId: string | undefined) {
  const connection = useConnection();
  const [room, setRoom] = useState<RoomState | null>(null);
  const read = useCallback(
    async (isCurrent: () => boolean) => {
      const { room: newer } = await connection.request(ROOM, { id: roomId });
      if (newer === null) throw MISSING;
      if (isCurrent()) setRoom((current) => (JSON.stringify(current) === JSON.stringify(newer) ? current : newer));
    },
    // A new run is read at once.
    [connection, roomId, newestId],
  );
  const error = usePolling(read, connection, ROOM_EVERY_MS);
  return { room, error: room === null || error === MISSING ? error : null };
}

const ROOM_EVERY_MS = 5_000;

function useWorkflow(workflowId: string | null): WorkflowState | null {
  const connection = useConnection();
  const [workflow, setWorkflow] = useState<WorkflowState | null>(null);
  useEffect(() => {
    if (workflowId === null) return;
    return connection.watch(WORKFLOW, () => ({ workflowId }), {
      next: ({ workflowUpdated: newer }) =>
        setWorkflow((current) => (current?.id === newer.id && current.version > newer.version ? current : newer)),
    });
  }, [connection, workflowId]);
  return workflow?.id === workflowId ? workflow : null;
}

function linesOf(lines: readonly LogLine[], workflowId: string | null): readonly LogLine[] {
  return lines.every((line) => line.workflowId === workflowId)
    ? lines
    : lines.filter((line) => line.workflowId === workflowId);
}
