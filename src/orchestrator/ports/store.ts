import type { AgentResult, Deployment, StepResults } from '../domain/agent-input.ts';
import type { AgentName } from '../domain/agents.ts';
import type { ChainState, Decision, StepState } from '../domain/chain.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { LogLine, NewLogLine } from '../domain/log-line.ts';
import type { RoomStatus } from '../domain/workflow.ts';
import type { ReadyStep, StepId } from './dispatch.ts';
import type { RoomRecord, WorkflowRecord } from './records.ts';

/*
 * How the service reads and changes workflows. Each call is one transaction, durable when it returns. The store decides
 * nothing about a workflow: transitions.ts does, and the store writes what it returns.
 */

/** The right to write a step's outcome: a worker, and a number that grows with each taking. */
export type Lease = StepId & { workerId: string; number: number };

export type LeaseNumbers = Record<AgentName, number>;

/** What is known of a step besides its chain state. Postgres' clock decides what is due and who is alive. */
export type StepLease = {
  /** All steps before it have ended, and it has not. */
  isReady: boolean;
  /** Time until its next attempt, in ms; 0 when none is scheduled or it is due. */
  delayMs: number;
  /** How long it could have been taken and was not, in ms; 0 in a snapshot that a change left. */
  waitedMs: number;
  leaseWorkerId: string | null;
  leaseNumber: number;
  /** The worker that holds the lease was seen recently. */
  isWorkerAlive: boolean;
};

/** A workflow as it was read, or as a change left it; `workflow.version` shows whether it is still current. */
export type WorkflowSnapshot = {
  workflow: WorkflowRecord;
  chain: ChainState;
  leases: Record<AgentName, StepLease>;
  /** Time since it started, in ms; 0 before. */
  elapsedMs: number;
  /** Results of the steps that succeeded; empty unless `withResults` was set. */
  results: StepResults;
};

export type ChangeTarget = {
  workflowId: string;
  /** Someone else's workflow counts as not found. */
  viewerId?: string;
  /** Read the results too, each up to 10 MiB. */
  withResults?: boolean;
};

/** A step that a change writes. */
export type StepChange = {
  agent: AgentName;
  state: StepState;
  lease: StepLease;
  /** Wait before the next attempt, in ms; null unless the step waits for one. */
  retryDelayMs: number | null;
  /** Time until the reconciler may dispatch the step again, in ms; null when the step is not ready. */
  redispatchDelayMs: number | null;
};

/** Everything that one event changes in a workflow, and the state it leaves. */
export type Change = {
  /** The workflow afterwards, except for the row itself: Postgres assigns its version, instants and `seq`s. */
  next: Omit<WorkflowSnapshot, 'workflow'>;
  decisions: Decision[];
  /** At least one. */
  lines: NewLogLine[];
  /** The change is written only while this lease is held. */
  lease: Lease | null;
  /** The workflow starts to run. */
  starts: boolean;
  /** Set when the workflow ends. */
  end: { room: { status: RoomStatus; error: string | null }; reward: number | null } | null;
  steps: StepChange[];
  /** The lease of the step that is taken: its attempt begins. */
  takenLease: Lease | null;
  /** The attempt that ended; `all` ends every open one. */
  endedAttempt: { agent: AgentName; attempt: number; failure: AttemptFailure | null } | 'all' | null;
  /** The checkpoint of the step that succeeded. */
  result: { agent: AgentName; result: AgentResult } | null;
  deployment: Deployment | null;
};

export type Verdict<S> = { type: 'change'; change: Change } | { type: 'skip'; reason: S };

export type Changed = {
  type: 'changed';
  workflow: WorkflowRecord;
  /** Committed, ready to be published. */
  lines: LogLine[];
  decisions: Decision[];
  /** Each step's last lease number, after the change. */
  leaseNumbers: LeaseNumbers;
  /** The lease of the step that was taken. */
  lease: Lease | null;
  /** The workflow as the change left it. */
  snapshot: WorkflowSnapshot;
};

export type NewWorkflow = {
  viewerId: string;
  workflowId: string;
  userInput: string;
  language: string | null;
  variation: number | null;
  room: { type: 'existing'; id: string } | { type: 'new'; id: string; title: string };
  /** The workflow that is retried: the results of the agents before `from` are kept. */
  retry: { workflowId: string; from: AgentName } | null;
  idempotency: { key: string; request: string } | null;
};

/** What a new workflow depends on, read with the viewer and the room locked. */
export type Admission = {
  /** The room exists and is the viewer's. */
  isRoomFound: boolean;
  /** The room's unfinished workflow. */
  unfinishedInRoom: string | null;
  /** The viewer's workflows that are queued or running. */
  unfinished: number;
  /** Those that are running. */
  running: number;
};

/** How a new workflow begins. */
export type Creation = {
  chain: ChainState;
  decisions: Decision[];
  /** At least one. */
  lines: NewLogLine[];
  /** It runs at once; otherwise it is queued. */
  starts: boolean;
  room: { status: RoomStatus; error: string | null };
  /** Steps that are copied, with their results, from the workflow that is retried. */
  keptSteps: AgentName[];
  newSteps: Pick<StepChange, 'agent' | 'redispatchDelayMs'>[];
};

export type CreatedWorkflow = {
  workflow: WorkflowRecord;
  room: RoomRecord;
  /** The idempotency key was used before: this is the workflow of the first call. */
  replayed: boolean;
  lines: LogLine[];
  decisions: Decision[];
};

export type WorkflowStore = {
  createRoom(room: { id: string; viewerId: string; title: string | null }): Promise<RoomRecord>;
  /**
   * Creates a workflow as `decide` determines, or returns the one that was created under the same idempotency key.
   * @param decide pure; may throw, and nothing is written then.
   * @throws {RequestError} IDEMPOTENCY_CONFLICT
   */
  create(workflow: NewWorkflow, decide: (admission: Admission) => Creation): Promise<CreatedWorkflow>;
  /**
   * Reads the workflow, calls `decide`, and writes the resulting change in one statement if the workflow's version is
   * still the one that was read. Otherwise it reads and decides again.
   * @param decide pure; may throw, and nothing is written then.
   * @param known what the caller believes the workflow to be: it is read only when that is outdated.
   * @returns null when the workflow does not exist.
   */
  change<S>(
    target: ChangeTarget,
    decide: (snapshot: WorkflowSnapshot) => Verdict<S>,
    known?: WorkflowSnapshot,
  ): Promise<Changed | { type: 'skipped'; reason: S; workflow: WorkflowRecord } | null>;
  /**
   * Starts the viewer's oldest queued workflow as `decide` determines, if fewer than `maxRunning` run (0: no limit).
   * @returns null when nothing is queued, or the limit is reached.
   */
  promote(
    viewerId: string,
    maxRunning: number,
    decide: (snapshot: WorkflowSnapshot) => Change,
  ): Promise<Changed | null>;
  /** @returns null when the viewer has no such workflow. */
  snapshot(viewerId: string, workflowId: string): Promise<WorkflowSnapshot | null>;
};

export type LeaseStore = {
  /**
   * Records that the worker is alive.
   * @returns the leases it still holds: a step that was cancelled or taken over is not among them.
   */
  renew(workerId: string): Promise<Lease[]>;
  /**
   * Releases a step, so that any worker may take it at once and repeat the same attempt.
   * @returns false when the lease was no longer held, and nothing changed.
   */
  release(lease: Lease): Promise<boolean>;
  /** Removes a worker that stops; its steps may be taken at once. */
  retire(workerId: string): Promise<void>;
  /** Removes workers that hold no lease and were not seen for a day. */
  forgetDead(): Promise<void>;
  /** Only for the sole process on this database: deletes all other workers and makes every open step due now. */
  takeAll(workerId: string): Promise<void>;
  /**
   * Finds steps that should be moving and are not. Each is found again only after a few seconds.
   * @returns those that are ready to be dispatched, and how many were looked at; at most `limit`.
   */
  findOverdue(limit: number, mayTakeOver: boolean): Promise<{ ready: ReadyStep[]; seen: number }>;
  /** Viewers who have a queued workflow and fewer than `maxRunning` running ones. */
  viewersToPromote(maxRunning: number): Promise<string[]>;
};

/**
 * Appends an agent's lines to its room's log.
 * @param afterSeq `seq` of the room's last line. The worker that holds the lease knows it, since nobody else writes to
 * the log. With it, a batch can be appended again after its answer was lost, and is still written only once.
 * @returns null when the lease is no longer held, and nothing was written.
 */
export type AppendAgentLines = (
  lease: Lease,
  roomId: string,
  lines: readonly NewLogLine[],
  afterSeq?: number,
) => Promise<LogLine[] | null>;

/** How much of a room's log is kept; null: no limit of that kind. */
export type RetentionLimits = { days: number | null; linesPerRoom: number | null };

/**
 * Removes some of the lines beyond the limits, starting at this room (null: at the first).
 * @returns the room to continue with; null when all rooms are done, or another process is removing lines.
 */
export type RemoveOldLines = (fromRoomId: string | null) => Promise<{ removed: number; next: string | null }>;
