import type { Connection } from '../api/connection.ts';
import { HEAD, LOG, type LogLine } from '../room/operations.ts';
import { createStore, type Store } from '../shared/store.ts';

export type LogSnapshot = {
  /** Oldest first. The array is replaced when lines are added, at most once per frame. */
  lines: readonly LogLine[];
  /** Lines that are written and not received yet; null: some, it is not known how many. */
  missing: number | null;
  /** Why the log cannot be read. */
  error: Error | null;
};

export type LogStore = Store<LogSnapshot> & { close(): void };

/**
 * A room's log as it grows: each line once, in order, across lost connections and restarts of the server. Lines are kept
 * outside React's state, so a burst of them costs one rendering per frame.
 * @param workflowId only the lines of this workflow; null: of all workflows of the room
 */
export function openLog(connection: Connection, roomId: string, workflowId: string | null): LogStore {
  const store = createStore<LogSnapshot>({ lines: [], missing: 0, error: null });
  let received: LogLine[] = [];
  let headSeq = 0;
  /** The workflow is over, and its last line is here. */
  let isComplete = false;
  let frame: ReturnType<typeof setTimeout> | undefined;

  const countMissing = (): number | null => {
    const missing = isComplete ? 0 : Math.max(0, headSeq - (received.at(-1)?.seq ?? headSeq));
    // Of the lines up to the room's last, some belong to later workflows.
    return workflowId === null || missing === 0 ? missing : null;
  };
  const publish = (error: Error | null = store.get().error) => {
    frame = undefined;
    const added = received.length > store.get().lines.length;
    store.set({ lines: added ? [...received] : store.get().lines, missing: countMissing(), error });
  };
  // A timer instead of requestAnimationFrame, which stands still while the page is hidden.
  const publishSoon = () => {
    frame ??= setTimeout(() => publish(), 16);
  };

  const stopWatching = connection.watch(LOG, () => ({ roomId, workflowId, after: received.at(-1)?.id ?? null }), {
    next({ agentLogs: line }) {
      if (line.seq <= (received.at(-1)?.seq ?? 0)) return;
      received.push(line);
      publishSoon();
    },
    refused: publish,
    complete() {
      isComplete = true;
      publishSoon();
    },
  });

  const readHead = async () => {
    try {
      const { room } = await connection.request(HEAD, { id: roomId });
      headSeq = room?.logs.edges[0]?.node.seq ?? 0;
      publishSoon();
    } catch {
      // Only a figure is missing then.
    }
  };
  const onState = () => {
    if (connection.state.get().kind === 'open') void readHead();
  };
  const stopListening = connection.state.subscribe(onState);
  onState();

  return {
    ...store,
    close() {
      stopWatching();
      stopListening();
      clearTimeout(frame);
      received = [];
    },
  };
}
