import type { AgentName } from './domain/agents.ts';
import type { RoomRecord, WorkflowRecord } from './records.ts';

export type StartWorkflow = { roomId?: string; userInput: string; idempotencyKey?: string };
export type RetryWorkflow = { from?: AgentName; idempotencyKey?: string };

export type StartedWorkflow = {
  workflow: WorkflowRecord;
  room: RoomRecord;
  /** True when the idempotency key was seen before: this is the first call's workflow. */
  replayed: boolean;
  /** Passed as `after`, no line of this workflow is missed; null in a room without earlier lines. */
  logCursor: string | null;
};

/** The commands of the API. Each is durable when it returns. Inputs are validated here: INVALID_INPUT names the field. */
export type WorkflowService = {
  createRoom(viewerId: string, input: { title?: string }): Promise<RoomRecord>;
  /** @throws {RequestError} INVALID_INPUT, ROOM_NOT_FOUND, WORKFLOW_ALREADY_RUNNING, IDEMPOTENCY_CONFLICT */
  start(viewerId: string, input: StartWorkflow): Promise<StartedWorkflow>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND, WORKFLOW_FINISHED */
  cancel(viewerId: string, workflowId: string): Promise<WorkflowRecord>;
  /** @throws {RequestError} as `start`, WORKFLOW_NOT_FOUND, NOTHING_TO_RETRY */
  retry(viewerId: string, workflowId: string, input: RetryWorkflow): Promise<StartedWorkflow>;
};
