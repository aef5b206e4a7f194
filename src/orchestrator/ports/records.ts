import type { AgentName } from '../domain/agents.ts';
import type { AgentErrorCode } from '../domain/failure.ts';
import type { RoomStatus, StepStatus, WorkflowStatus } from '../domain/workflow.ts';

/** What is kept, as the service and the API read it. Ids are UUIDv7 but for a viewer's, which is the token's subject. */
export type RoomRecord = {
  id: string;
  viewerId: string;
  title: string | null;
  status: RoomStatus;
  /** What went wrong, for a person; set with status `error`. */
  error: string | null;
  createdAt: Date;
  updatedAt: Date;
};

export type WorkflowRecord = {
  id: string;
  roomId: string;
  viewerId: string;
  status: WorkflowStatus;
  userInput: string;
  retryOfId: string | null;
  /** Grows with each change: of two readings the larger is the newer. */
  version: number;
  /** `seq` of the room's last line before the workflow's first; its lines are the next ones, without gaps. */
  logStartSeq: number;
  /** `seq` of its last line; null while it is unfinished. */
  logEndSeq: number | null;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** A step without its result, which may be 10 MiB and is read apart. */
export type StepRecord = {
  workflowId: string;
  agent: AgentName;
  status: StepStatus;
  error: string | null;
  errorCode: AgentErrorCode | null;
  nextAttemptAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
};

export type AttemptRecord = {
  workflowId: string;
  agent: AgentName;
  number: number;
  startedAt: Date;
  finishedAt: Date | null;
  error: string | null;
  errorCode: AgentErrorCode | null;
  httpStatus: number | null;
};

export type DeploymentRecord = {
  workflowId: string;
  roomId: string;
  deploymentUrl: string;
  codeCid: string | null;
  completedAt: Date;
};

export type RewardRecord = { id: string; viewerId: string; workflowId: string; amount: number; createdAt: Date };
