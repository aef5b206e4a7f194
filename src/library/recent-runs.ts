import type { WorkflowRun } from './workflow-run.ts';

/** Rooms whose last workflow is kept. The results of one workflow may take megabytes. */
const MAX_ROOMS = 1_000;

export type RecentRuns = {
  /** The room's running workflow, or its last one. */
  of(roomId: string): WorkflowRun | undefined;
  /** Makes this the room's workflow. If there are too many, drops the oldest of those that are not running. */
  add(run: WorkflowRun, isRunning: (roomId: string) => boolean): void;
};

export function createRecentRuns(): RecentRuns {
  const runs = new Map<string, WorkflowRun>();
  return {
    of: (roomId) => runs.get(roomId),
    add(run, isRunning) {
      runs.delete(run.roomId);
      runs.set(run.roomId, run);
      for (const roomId of runs.keys()) {
        if (runs.size <= MAX_ROOMS) return;
        if (!isRunning(roomId)) runs.delete(roomId);
      }
    },
  };
}
