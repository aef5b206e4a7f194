import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import { settlesWithin } from './callbacks.ts';

/** How long a line may take to be dealt with before the next is handed over all the same, in ms. */
const PATIENCE_MS = 100;
/** Lines that may wait before an agent's body is no longer read on. */
const MAX_WAITING = 1_000;

export type LineQueue = {
  /** Settles at once while few lines wait, else when they have been dealt with: that slows an agent down. Never rejects. */
  write(line: NewLogLine): Promise<void>;
  /** Settles when every line so far has been dealt with, or has had its time. Never rejects. */
  drain(): Promise<void>;
};

/**
 * Hands a workflow's lines over one at a time, so that their order holds in whatever `emit` writes them to, while the
 * workflow goes on. A line that takes its time is waited for once; until it settles, those after it are not.
 * @param emit may throw, reject, return no promise or never settle
 */
export function createLineQueue(emit: (line: NewLogLine) => unknown): LineQueue {
  const waiting: NewLogLine[] = [];
  let stuck = 0;
  let isBusy = false;
  let handedOver = Promise.resolve();

  async function handOverAll(): Promise<void> {
    isBusy = true;
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const dealtWith = handOver(line);
      if (stuck === 0 && dealtWith !== null && !(await settlesWithin(dealtWith, PATIENCE_MS))) {
        stuck += 1;
        void dealtWith.then(() => {
          stuck -= 1;
        });
      }
    }
    isBusy = false;
  }

  /** Null when there is nothing to wait for. */
  function handOver(line: NewLogLine): Promise<unknown> | null {
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
      if (!isBusy) handedOver = handOverAll();
      if (waiting.length >= MAX_WAITING) await handedOver;
    },
    drain: () => handedOver,
  };
}
