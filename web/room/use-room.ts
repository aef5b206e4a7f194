import { useEffect, useMemo, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { useLog } from '../log/use-log.ts';
import { type LogLine, ROOM, type RoomState, WORKFLOW, type WorkflowState } from './operations.ts';

export type RoomData = {
  room: RoomState | null;
  workflow: WorkflowState | null;
  /** The lines of that workflow. */
  lines: readonly LogLine[];
  missing: number;
  /** Why the room cannot be shown. */
  error: Error | null;
};

/** A room with one of its workflows, live. @param chosenId null: the latest workflow, also when a new one starts */
export function useRoom(roomId: string, chosenId: string | null): RoomData {
  const { lines: allLines, missing, error: logError } = useLog(roomId, chosenId);
  // Whoever starts a workflow in this room: its first line says so.
  const newestId = chosenId === null ? allLines.at(-1)?.workflowId : undefined;
  const { room, error } = useRoomState(roomId, newestId);
  const workflowId = chosenId ?? newestId ?? room?.latestWorkflow?.id ?? null;
  const workflow = useWorkflow(workflowId);
  const lines = useMemo(() => linesOf(allLines, workflowId), [allLines, workflowId]);
  return { room, workflow, lines, missing, error: error ?? logError };
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
