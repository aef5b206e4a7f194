import type { WorkflowRun } from './workflow-run.ts';

/** Rooms whose last workflow is remembered; the results of one may take megabytes. */
const MAX_REMEMBERED_ROOMS = 1_000;

export type RecentRuns = {
  /** The room's workflow, running or the last. */
  of(roomId: string): WorkflowRun | undefined;
  /** From now on this is the room's workflow. Of rooms where none runs, the one that began longest ago is forgotten. */
  remember(run: WorkflowRun, isRunning: (roomId: string) => boolean): void;
};

export function createRecentRuns(): RecentRuns {
  const runs = new Map<string, WorkflowRun>();
  return {
    of: (roomId) => runs.get(roomId),
    remember(run, isRunning) {
      runs.delete(run.roomId);
      runs.set(run.roomId, run);
      for (const roomId of runs.keys()) {
        if (runs.size <= MAX_REMEMBERED_ROOMS) return;
        if (!isRunning(roomId)) runs.delete(roomId);
      }
    },
  };
}
