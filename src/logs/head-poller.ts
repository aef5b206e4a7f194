import type { LogReader } from '../orchestrator/ports/log.ts';

/** Calls `task` once after `delayMs`. @returns cancels it */
export type SetTimer = (delayMs: number, task: () => void) => () => void;

export const setTimer: SetTimer = (delayMs, task) => {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
};

export type HeadPoller = {
  /** Reads the heads of these rooms soon, by a statement that begins after this call. */
  check(roomIds: Iterable<string>): void;
  /** Checks all watched rooms every `pollMs` from now on. Calling it again changes nothing. */
  start(): void;
  stop(): void;
};

type HeadPollerDeps = {
  logs: LogReader;
  watchedRooms: () => Iterable<string>;
  onHead: (roomId: string, head: number) => void;
  onError: (error: unknown) => void;
  /** Called whenever Postgres has answered, before `onHead`. */
  onAnswer: () => void;
  pollMs: number;
  setTimer: SetTimer;
};

/**
 * Reads rooms' heads from Postgres, one statement at a time for any number of rooms. After an error the next poll
 * tries again.
 */
export function createHeadPoller(deps: HeadPollerDeps): HeadPoller {
  const due = new Set<string>();
  let isReading = false;
  let cancelPoll: (() => void) | null = null;

  async function read(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      while (due.size > 0) {
        const roomIds = [...due];
        due.clear();
        const heads = await deps.logs.heads(roomIds);
        deps.onAnswer();
        for (const roomId of roomIds) deps.onHead(roomId, heads.get(roomId) ?? 0);
      }
    } catch (error) {
      deps.onError(error);
    } finally {
      isReading = false;
    }
  }

  function check(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) due.add(roomId);
    void read();
  }

  function schedulePoll(): void {
    cancelPoll = deps.setTimer(deps.pollMs, () => {
      schedulePoll();
      check(deps.watchedRooms());
    });
  }

  return {
    check,
    start() {
      if (cancelPoll === null) schedulePoll();
    },
    stop() {
      cancelPoll?.();
      cancelPoll = null;
      due.clear();
    },
  };
}
