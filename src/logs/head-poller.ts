import type { LogReader } from '../orchestrator/ports/log.ts';

/** Calls `task` once, `ms` from now, unless the function returned is called before. */
export type Timer = (ms: number, task: () => void) => () => void;

export const later: Timer = (ms, task) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};

export type HeadPoller = {
  /** Asks soon where these rooms stand, by a statement that begins after this call. */
  check(roomIds: Iterable<string>): void;
  /** From now on all watched rooms are checked again and again; more than once is as good as once. */
  start(): void;
  stop(): void;
};

type HeadPollerDeps = {
  logs: LogReader;
  watched: () => Iterable<string>;
  found: (roomId: string, head: number) => void;
  failed: (error: unknown) => void;
  /** Called after each answer of Postgres. */
  answered: () => void;
  pollMs: number;
  later: Timer;
};

/** Reads where rooms stand in Postgres: one statement at a time, for however many rooms. A failure waits for the poll. */
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
        deps.answered();
        for (const roomId of roomIds) deps.found(roomId, heads.get(roomId) ?? 0);
      }
    } catch (error) {
      deps.failed(error);
    } finally {
      isReading = false;
    }
  }

  function check(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) due.add(roomId);
    void read();
  }

  function arm(): void {
    cancelPoll = deps.later(deps.pollMs, () => {
      arm();
      check(deps.watched());
    });
  }

  return {
    check,
    start() {
      if (cancelPoll === null) arm();
    },
    stop() {
      cancelPoll?.();
      cancelPoll = null;
      due.clear();
    },
  };
}
