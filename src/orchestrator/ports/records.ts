import type { AgentName } from '../domain/agents.ts';
import type { AgentErrorCode } from '../domain/failure.ts';
import type { Usage } from '../domain/usage.ts';
import type { RoomStatus, StepStatus, WorkflowStatus } from '../domain/workflow.ts';

/* Stored records, as the service and the API read them. Ids are UUIDv7, except for a viewer's: the token's subject. */

export type RoomRecord = {
  id: string;
  viewerId: string;
  title: string | null;
  status: RoomStatus;
  /** What went wrong, for people; set with status `error`. */
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
  /** The language that the agents are asked for, as BCP 47; null: they choose. */
  language: string | null;
  /** Which of several results for the same input the agents are asked for; null: none in particular. */
  variation: number | null;
  retryOfId: string | null;
  /** Grows with each change: of two snapshots the one with the larger version is newer. */
  version: number;
  /** `seq` of the line before the workflow's first; its lines follow without gaps. */
  logStartSeq: number;
  /** `seq` of its last line; null while it is unfinished. */
  logEndSeq: number | null;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** A step without its result, which can be as large as 10 MiB and is read separately. */
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

/** What one call of an agent reported. A repeated call has a record of its own, under the same attempt number. */
export type UsageRecord = Usage & { workflowId: string; agent: AgentName; attempt: number };

/** The text of a channel, written by the call with this lease number. */
export type OutputRecord = {
  workflowId: string;
  agent: AgentName;
  attempt: number;
  leaseNumber: number;
  channel: string;
  text: string;
};

export type DeploymentRecord = {
  workflowId: string;
  roomId: string;
  deploymentUrl: string;
  codeCid: string | null;
  completedAt: Date;
};

export type RewardRecord = { id: string; viewerId: string; workflowId: string; amount: number; createdAt: Date };
