import type { AgentResult, StepResults } from '../domain/agent-input.ts';
import type { AgentName } from '../domain/agents.ts';
import type { Advance, ChainState, Decision } from '../domain/chain.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { LogLine, NewLogLine } from '../domain/log-line.ts';
import type { ReadyStep, StepRef } from './dispatch.ts';
import type { RoomRecord, WorkflowRecord } from './records.ts';

/* What the service needs of the database to change anything. Each call is one transaction, durable when it returns. */

/** The right to write a step's outcome: whose it is, and a number that grows with each taking. */
export type Lease = StepRef & { workerId: string; number: number };

export type LeaseNumbers = Record<AgentName, number>;

/** Where a step stands besides its chain state. Times are judged by Postgres' clock. */
export type StepLease = {
  /** It is this step's turn: it may be taken. */
  isReady: boolean;
  /** Until its next attempt, in ms; 0 when none is set or it is past. */
  delayMs: number;
  leaseWorkerId: string | null;
  leaseNumber: number;
  /** The lease's worker was seen lately. */
  isWorkerAlive: boolean;
};

/** A workflow as it stood when it was read, or as a change left it; its `version` tells whether it still does. */
export type WorkflowSnapshot = {
  workflow: WorkflowRecord;
  chain: ChainState;
  leases: Record<AgentName, StepLease>;
  /** Since it started, in ms; 0 before. */
  elapsedMs: number;
  /** Of the steps that succeeded; empty where they were not asked for. */
  results: StepResults;
};

export type ChangeTarget = {
  workflowId: string;
  /** Another's workflow is none. */
  viewerId?: string;
  /** Results, each perhaps 10 MiB, are read as well. */
  withResults?: boolean;
};

/** What becomes of a workflow: the chain's next state and decisions, and what is written along with them. */
export type Change = Advance & {
  /** At least one. */
  lines: NewLogLine[];
  /** The lease that the change is made under: it is written only while that is held. */
  under?: Lease;
  /** The step is taken for this worker: a new lease. */
  taken?: { agent: AgentName; workerId: string };
  /** An attempt ended, with a failure or well. */
  ended?: { agent: AgentName; attempt: number; failure: AttemptFailure | null };
  /** The checkpoint of a step that succeeded. */
  result?: { agent: AgentName; result: AgentResult };
  deployment?: { deploymentUrl: string; codeCid: string | null };
};

export type Verdict<S> = { type: 'change'; change: Change } | { type: 'skip'; reason: S };

export type Changed = {
  type: 'changed';
  workflow: WorkflowRecord;
  /** Committed: to be published. */
  lines: LogLine[];
  decisions: Decision[];
  /** Of each step's last lease, after the change. */
  leaseNumbers: LeaseNumbers;
  /** Set when the step was taken. */
  lease: Lease | null;
  /** The workflow as the change left it. */
  snapshot: WorkflowSnapshot;
};

export type NewWorkflow = {
  viewerId: string;
  workflowId: string;
  userInput: string;
  /** `existing`: the viewer's, else ROOM_NOT_FOUND. */
  room: { type: 'existing' | 'new'; id: string };
  /** With a retry: the results before `from` are kept. */
  retry: { workflowId: string; from: AgentName } | null;
  idempotency: { key: string; request: string } | null;
  /** Running ones beyond which the workflow is queued; 0: no limit. */
  maxRunning: number;
};

export type CreatedWorkflow = {
  workflow: WorkflowRecord;
  room: RoomRecord;
  replayed: boolean;
  lines: LogLine[];
  decisions: Decision[];
};

export type WorkflowStore = {
  createRoom(room: { id: string; viewerId: string; title: string | null }): Promise<RoomRecord>;
  /** @throws {RequestError} ROOM_NOT_FOUND, WORKFLOW_ALREADY_RUNNING, IDEMPOTENCY_CONFLICT */
  create(workflow: NewWorkflow): Promise<CreatedWorkflow>;
  /**
   * Reads the workflow, lets `decide` (pure; may throw) say what becomes of it, and writes that in one statement, if the
   * workflow is still as it was read. If not, somebody was quicker: it is read and decided again.
   * @param known what the caller knows it to be: then it is read only when it is no longer so.
   */
  change<S>(
    target: ChangeTarget,
    decide: (snapshot: WorkflowSnapshot) => Verdict<S>,
    known?: WorkflowSnapshot,
  ): Promise<Changed | { type: 'skipped'; reason: S; workflow: WorkflowRecord } | null>;
  /**
   * Starts the viewer's oldest queued workflow as `decide` says, when fewer than `maxRunning` run (0: no limit). Null
   * when there is none, or no place.
   */
  promote(
    viewerId: string,
    maxRunning: number,
    decide: (snapshot: WorkflowSnapshot) => Change,
  ): Promise<Changed | null>;
  /** The original of a retry with its steps' standing, for the viewer. */
  snapshot(viewerId: string, workflowId: string): Promise<WorkflowSnapshot | null>;
};

export type LeaseStore = {
  /**
   * Shows that the worker lives, and tells which leases it still has: a step that was cancelled or taken over is not
   * among them.
   */
  renew(workerId: string): Promise<Lease[]>;
  /**
   * Gives a step back so that any worker takes it at once, the same attempt again.
   * @returns false when the lease was no longer held, and nothing changed.
   */
  release(lease: Lease): Promise<boolean>;
  /** The worker is gone for good; its steps may be taken at once. */
  retire(workerId: string): Promise<void>;
  /** Forgets workers that were not seen for a day and hold nothing. */
  forgetDead(): Promise<void>;
  /** For a process that knows itself alone: whoever else is recorded is dead, and all that waits is looked at now. */
  takeAll(workerId: string): Promise<void>;
  /** At most `limit` steps that should be moving; each is looked at again a few seconds later. */
  due(limit: number, mayTakeOver: boolean): Promise<{ turns: ReadyStep[]; seen: number }>;
  /** Viewers who have a queued workflow though fewer than `maxRunning` run. */
  viewersToPromote(maxRunning: number): Promise<string[]>;
};

/**
 * Appends an agent's lines; null when the lease is no longer the caller's, and nothing was written.
 * @param afterSeq `seq` of the room's last line, which the lease's worker knows, for nobody else writes. With it a batch
 * whose answer was lost can be appended again: it is written once.
 */
export type AppendAgentLines = (
  lease: Lease,
  roomId: string,
  lines: readonly NewLogLine[],
  afterSeq?: number,
) => Promise<LogLine[] | null>;

/** How much of a room's log is kept; null: no limit of that kind. */
export type LogLimits = { days: number | null; linesPerRoom: number | null };

/**
 * Removes some of what is beyond the limits, in rooms from this one on (null: from the first).
 * @returns where to go on; null when no room is left, or another process is at it.
 */
export type RemoveOldLines = (fromRoomId: string | null) => Promise<{ removed: number; next: string | null }>;
