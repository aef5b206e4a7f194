import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import { settlesWithin } from './callbacks.ts';

/** How long the next line waits for `emit` to settle, in ms. */
const EMIT_TIMEOUT_MS = 100;
/** Lines that may wait before an agent's body is no longer read. */
const MAX_WAITING = 1_000;

export type LineQueue = {
  /**
   * Settles at once while few lines wait. Beyond that it settles when they have been emitted, which slows the agent
   * down. Never rejects.
   */
  write(line: NewLogLine): Promise<void>;
  /** Settles when every line so far has been emitted or has timed out. Never rejects. */
  drain(): Promise<void>;
};

/**
 * Emits a workflow's lines one at a time, so that they keep their order wherever `emit` writes them, while the workflow
 * continues. After a line has timed out, no line waits for the one before it until the late one settles.
 * @param emit may throw, reject, return no promise or never settle
 */
export function createLineQueue(emit: (line: NewLogLine) => unknown): LineQueue {
  const waiting: NewLogLine[] = [];
  let timedOut = 0;
  let isBusy = false;
  let emitted = Promise.resolve();

  async function emitAll(): Promise<void> {
    isBusy = true;
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const pending = emitOne(line);
      if (timedOut === 0 && pending !== null && !(await settlesWithin(pending, EMIT_TIMEOUT_MS))) {
        timedOut += 1;
        void pending.then(() => {
          timedOut -= 1;
        });
      }
    }
    isBusy = false;
  }

  /** Null when there is nothing to wait for. The promise never rejects. */
  function emitOne(line: NewLogLine): Promise<unknown> | null {
    try {
      const result = emit(line);
      const isPending = typeof result === 'object' && result !== null && 'then' in result;
      return isPending ? Promise.resolve(result).catch(() => {}) : null;
    } catch {
      return null;
    }
  }

  return {
    async write(line) {
      waiting.push(line);
      if (!isBusy) emitted = emitAll();
      if (waiting.length >= MAX_WAITING) await emitted;
    },
    drain: () => emitted,
  };
}
