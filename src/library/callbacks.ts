import type { AgentType } from '../orchestrator/domain/agents.ts';
import type { LogLevel, LogMetadata } from '../orchestrator/domain/log-line.ts';

/* The callbacks of an orchestrator. Each may throw, reject, return no promise or never settle: the workflow continues. */

/**
 * Receives one line of a room's log. If it returns a promise, the room's next line waits for that
 * promise, for at most 100 ms; the agents do not wait. Errors are ignored.
 * @param roomId the room whose log the line belongs to
 * @param agentType who wrote the line
 * @param level the line's severity
 * @param message text for people
 * @param metadata data for programs; absent when there is none
 */
export type EmitLog = (
  roomId: string,
  agentType: AgentType,
  level: LogLevel,
  message: string,
  metadata?: LogMetadata,
) => unknown;

/** A room's status at the end of a workflow: `done`, `error` if an agent failed permanently, `idle` after an abort. */
export type FinalRoomStatus = 'done' | 'error' | 'idle';

/**
 * Called once per workflow, at its end. If it returns a promise, the workflow waits for it, for at most 30 s.
 * @param roomId the room
 * @param status the room's new status
 */
export type UpdateRoomStatus = (roomId: string, status: FinalRoomStatus) => unknown;

/**
 * Called at most once per workflow, after the status `done`, with an amount of 10. If it returns a promise, the workflow
 * waits for it, for at most 30 s; the promise may still be fulfilled later.
 * @param roomId the room
 * @param amount 10
 */
export type RewardUser = (roomId: string, amount: number) => unknown;

/** Runs a callback. Returns null if it succeeded, else the reason why it did not. */
export async function callBack(callback: () => unknown, timeoutMs: number): Promise<string | null> {
  try {
    const isSettled = await settlesWithin(callback(), timeoutMs);
    return isSettled ? null : `not settled within ${timeoutMs / 1_000} s`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Whether the result settles within `timeoutMs`; rejects if it does. A value that is not a promise has settled. */
export async function settlesWithin(result: unknown, timeoutMs: number): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([Promise.resolve(result).then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** A message for anything that can be thrown. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) || error.name : String(error);
  } catch {
    return 'an error that cannot be read';
  }
}
