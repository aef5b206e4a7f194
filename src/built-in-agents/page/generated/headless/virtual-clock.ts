import { setImmediate as nextTurn } from 'node:timers/promises';

type Task = { at: number; run: () => void; every: number | null };

const FRAME_MS = 16;

/**
 * Timers and animation frames on a time of their own: a page's first seconds pass at once, and in the same order on every
 * machine.
 * @param onError is given what a task throws
 */
export function virtualClock(onError: (error: unknown) => void) {
  const tasks = new Map<number, Task>();
  let now = 0;
  let lastId = 0;

  const add = (delay: unknown, run: () => void, every = false) => {
    const ms = Math.max(1, Number(delay) || 0);
    lastId += 1;
    tasks.set(lastId, { at: now + ms, run, every: every ? ms : null });
    return lastId;
  };
  const callback = (run: unknown, values: unknown[]) => () => {
    if (typeof run === 'function') run(...values);
  };
  const next = (): [number, Task] | undefined => {
    let first: [number, Task] | undefined;
    for (const entry of tasks) if (first === undefined || entry[1].at < first[1].at) first = entry;
    return first;
  };

  return {
    now: () => now,
    setTimeout: (run: unknown, delay?: unknown, ...values: unknown[]) => add(delay, callback(run, values)),
    setInterval: (run: unknown, delay?: unknown, ...values: unknown[]) => add(delay, callback(run, values), true),
    requestAnimationFrame: (run: unknown) => add(FRAME_MS - (now % FRAME_MS), () => callback(run, [now])()),
    clear: (id: unknown) => void tasks.delete(Number(id)),

    /** Lets time pass. Ends early if that takes longer than `budgetMs` of real time: a slow machine is no fault. */
    async advance(ms: number, budgetMs: number): Promise<void> {
      const end = now + ms;
      const deadline = performance.now() + budgetMs;
      await nextTurn();
      for (let due = next(); due !== undefined && due[1].at <= end; due = next()) {
        const [id, task] = due;
        now = task.at;
        if (task.every === null) tasks.delete(id);
        else task.at += task.every;
        try {
          task.run();
        } catch (error) {
          onError(error);
        }
        // Lets promises settle, as a browser does between two tasks.
        await nextTurn();
        if (performance.now() > deadline) return;
      }
      now = end;
    },
  };
}

export type VirtualClock = ReturnType<typeof virtualClock>;
