import type { ResultOf } from 'gql.tada';
import { useEffect, useMemo, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { useLog } from '../log/use-log.ts';
import { LINE_RUNS, type LogLine, ROOM, type RoomState, WORKFLOW, type WorkflowState } from './operations.ts';

export type RoomData = {
  room: RoomState | null;
  workflow: WorkflowState | null;
  /** The lines of that workflow. */
  lines: readonly LogLine[];
  missing: number;
  /** Why the room cannot be shown. */
  error: Error | null;
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
  const workflowId = chosenId ?? newestId ?? room?.latestWorkflow?.id ?? null;
  const workflow = useWorkflow(workflowId);
  const lines = useMemo(() => linesOf(allLines, workflowId), [allLines, workflowId]);
  return { room, workflow, lines, missing, error: error ?? logError };
}

/** The run that a line belongs to; null: not known, or not asked for. */
function useRunOfLine(roomId: string, seq: number | null): string | null {
  const connection = useConnection();
  const [found, setFound] = useState<{ seq: number; workflowId: string } | null>(null);
  useEffect(() => {
    if (seq === null) return;
    let isCurrent = true;
    const search = async () => {
      let before: string | null = null;
      for (;;) {
        const { room }: ResultOf<typeof LINE_RUNS> = await connection.request(LINE_RUNS, { id: roomId, before });
        const line = room?.logs.edges.find(({ node }) => node.seq === seq)?.node;
        if (line !== undefined && isCurrent) setFound({ seq, workflowId: line.workflowId });
        if (line !== undefined || !isCurrent || room?.logs.pageInfo.hasPreviousPage !== true) return;
        before = room.logs.pageInfo.startCursor;
      }
    };
    search().catch(() => {}); // the latest run is shown then
    return () => {
      isCurrent = false;
    };
  }, [connection, roomId, seq]);
  return found !== null && found.seq === seq ? found.workflowId : null;
}

function useRoomState(roomId: string, newestId: string | undefined) {
  const connection = useConnection();
  const [state, setState] = useState<{ room: RoomState | null; error: Error | null }>({ room: null, error: null });
  useEffect(() => {
    let isCurrent = true;
    connection.request(ROOM, { id: roomId }).then(
      ({ room }) => {
        if (!isCurrent) return;
        setState({
          room,
          error: room === null ? new Error('There is no such room, or it belongs to someone else.') : null,
        });
      },
      (error: Error) => isCurrent && setState((previous) => ({ ...previous, error })),
    );
    return () => {
      isCurrent = false;
    };
  }, [connection, roomId, newestId]);
  return state;
}

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
