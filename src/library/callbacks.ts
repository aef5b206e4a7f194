import type { AgentType } from '../orchestrator/domain/agents.ts';
import type { LogLevel, LogMetadata } from '../orchestrator/domain/log-line.ts';

/* What an orchestrator calls. Each may throw, reject, return no promise or never settle: the workflow goes on. */

/**
 * Takes a line of a room's log (requirement 5.1). A promise that it returns is waited for before the room's next line
 * is handed over, for 100 ms at most; the agents do not wait for it. What it throws is ignored.
 * @param roomId whose log it is
 * @param agentType whose line it is
 * @param level how much it matters
 * @param message for people
 * @param metadata for programs; absent when there is none
 */
export type EmitLog = (
  roomId: string,
  agentType: AgentType,
  level: LogLevel,
  message: string,
  metadata?: LogMetadata,
) => unknown;

/** What becomes of a room: `done`, `error` when an agent failed for good, `idle` after an abort. */
export type FinalRoomStatus = 'done' | 'error' | 'idle';

/**
 * Called once a workflow, at its end. A promise that it returns is waited for, for 30 s at most.
 * @param roomId the room
 * @param status what became of it
 */
export type UpdateRoomStatus = (roomId: string, status: FinalRoomStatus) => unknown;

/**
 * Called at most once a workflow, after the status `done`, with an amount of 10. A promise that it returns is waited
 * for, for 30 s at most; after that it may still succeed.
 * @param roomId the room
 * @param amount 10
 */
export type RewardUser = (roomId: string, amount: number) => unknown;

/** How a callback ended: `null` when it did well, else why it did not. */
export async function callBack(callback: () => unknown, withinMs: number): Promise<string | null> {
  try {
    const isSettled = await settlesWithin(callback(), withinMs);
    return isSettled ? null : `not settled within ${withinMs / 1_000} s`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Whether it settles in that time, in ms; rejects when it does. What is no promise has settled. */
export async function settlesWithin(result: unknown, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([Promise.resolve(result).then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The words of anything that was thrown, whatever it is. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) || error.name : String(error);
  } catch {
    return 'an error that cannot be read';
  }
}
