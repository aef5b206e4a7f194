export const WORKFLOW_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

/** A room has at most one workflow with one of these statuses. */
export const UNFINISHED_WORKFLOW_STATUSES = ['queued', 'running'] as const satisfies readonly WorkflowStatus[];

export const STEP_STATUSES = ['pending', 'running', 'waiting_to_retry', 'succeeded', 'failed', 'cancelled'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** A status in which a workflow ends. */
export type FinalStatus = Exclude<WorkflowStatus, (typeof UNFINISHED_WORKFLOW_STATUSES)[number]>;

/** Statuses of steps that have not ended. */
export const UNFINISHED_STEP_STATUSES = [
  'pending',
  'running',
  'waiting_to_retry',
] as const satisfies readonly StepStatus[];

export function isWorkflowFinished(status: WorkflowStatus): boolean {
  return !(UNFINISHED_WORKFLOW_STATUSES as readonly WorkflowStatus[]).includes(status);
}

export function isStepFinished(status: StepStatus): boolean {
  return !(UNFINISHED_STEP_STATUSES as readonly StepStatus[]).includes(status);
}

export const ROOM_STATUSES = ['idle', 'running', 'done', 'error'] as const;
export type RoomStatus = (typeof ROOM_STATUSES)[number];

/** The room's status after its workflow has ended. */
export function roomStatusAfter(status: FinalStatus): RoomStatus {
  return status === 'succeeded' ? 'done' : status === 'failed' ? 'error' : 'idle';
}

/** Whole HHCW tokens paid once for a workflow whose four steps succeeded. */
export const REWARD_AMOUNT = 10;

/** The reward for a workflow that ended with this status; null for none. */
export function rewardFor(status: FinalStatus): number | null {
  return status === 'succeeded' ? REWARD_AMOUNT : null;
}
