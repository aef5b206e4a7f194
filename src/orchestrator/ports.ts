import type { AgentInput, AgentResult } from './domain/agent-input.ts';
import type { AgentName, AgentType } from './domain/agents.ts';
import type { AttemptFailure } from './domain/failure.ts';
import type { LogLevel, LogLine, LogMetadata } from './domain/log-line.ts';
import type { RoomStatus } from './domain/room.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  RewardRecord,
  RoomRecord,
  StepRecord,
  WorkflowRecord,
} from './records.ts';

/* ---- agents ---- */

/** A line of progress that an agent streams while it works. */
export type AgentProgress = { level: LogLevel; message: string; metadata: LogMetadata | null };

export type AgentCall = {
  agent: AgentName;
  /** The JSON body. */
  input: AgentInput;
  /** The same on every attempt, so that an agent that charges money can tell a retry. */
  idempotencyKey: string;
  /** W3C trace context. */
  traceparent: string;
  /** Called the moment before the request is sent, when the connection stands; may abort the call's signal. */
  beforeSending?: () => void;
  /** Called for each progress line, in order; the body is not read on before the promise settles (back-pressure). */
  onProgress: (line: AgentProgress) => Promise<void>;
};

/** How an attempt ended. Failures are values: the chain decides what becomes of them. */
export type AgentOutcome = { type: 'succeeded'; result: AgentResult } | { type: 'failed'; failure: AttemptFailure };

/**
 * Makes one attempt. Aborting the signal closes the connection and rejects with the signal's reason; nothing else
 * rejects.
 */
export type CallAgent = (call: AgentCall, signal: AbortSignal) => Promise<AgentOutcome>;

/* ---- dispatch ---- */

export type StepRef = { workflowId: string; agent: AgentName };

/** A step that is to be taken once more. */
export type Turn = StepRef & {
  /** Of the step's last lease, 0 before the first: the same turn dispatched again is one turn. */
  leaseNumber: number;
};

/** One of the calls that an agent may have at once: held by who works on a step of that agent. */
export type Place = {
  /**
   * A place of the agent that comes next, for going on with it in the same process, without a dispatch. Asked for before
   * the step is taken. Null where it is to be dispatched instead: the agent has no free place here, others wait for one,
   * its calls are limited over all processes, or no new work is taken any more.
   */
  next(agent: AgentName): Place | null;
  /** Gives it back; more than once is once. The handler's own is given back when the handler settles, at the latest. */
  leave(): void;
};

/** What a process does with the steps it is handed. */
export type StepHandler = {
  /**
   * Takes the step and makes one attempt; and goes on with the next agent as long as it has a place there.
   * @returns null, or in how many ms the step is to be handed over again: its wait is not over yet.
   */
  run(step: StepRef, place: Place): Promise<number | null>;
  /** The workflow was cancelled, here or in another process: its calls are closed. */
  cancelled(workflowId: string): void;
};

/** How much may be asked of one agent. */
export type AgentLimits = {
  /** Calls at once in one process. */
  concurrency: number;
  /** Calls at once over all processes; null: no limit. */
  globalConcurrency: number | null;
  /** Calls begun in a minute over all processes; null: no limit. */
  ratePerMinute: number | null;
};

/** Who works on which step and when. Losing a dispatch loses nothing: the reconciler makes it again from Postgres. */
export type Dispatcher = {
  /** Hands the step to a worker, in this process or another, after `delayMs` (0: at once). Never throws. */
  dispatch(turn: Turn, delayMs: number): void;
  /** Tells every handler of it, and forgets these turns as far as they have not begun. Never throws. */
  cancel(workflowId: string, turns: readonly Turn[]): void;
  /** From now on steps are handed over, within each agent's limits. */
  start(handler: StepHandler): void;
  /** Takes no new work; settles when every `run` has, and what they dispatched is out. */
  close(): Promise<void>;
};

/* ---- the log ---- */

/** Tells watchers of lines that are committed. Fire and forget: readers have Postgres. Never throws. */
export type PublishLines = (lines: readonly LogLine[]) => void;

/** Reads of the log that need no viewer: who may see the room was decided before. */
export type LogReader = {
  /** `last_seq` of each room; 0 for one without lines. */
  heads(roomIds: readonly string[]): Promise<Map<string, number>>;
  /** Lines with `seq` greater than `afterSeq`, in order, at most `limit`. */
  readAfter(roomId: string, afterSeq: number, limit: number): Promise<LogLine[]>;
};

export type LogFilter = { agentTypes?: readonly AgentType[]; levels?: readonly LogLevel[] };

export type WatchLogArgs = LogFilter & { roomId: string; after?: string; workflowId?: string };

/** Who is handed what is watched as it comes, instead of asking for each item. Called synchronously; must not throw. */
export type Sink<T> = {
  /** Whether it takes another item now. After a no, `resume` is called once it does again. */
  isReady(): boolean;
  take(item: T): void;
  /** No more will come. Not told to a sink that left by `return()`. */
  end(): void;
};

/**
 * What is watched: asked for by `next()`, or handed to one sink. An item that is told to several watchers at once is
 * one object, so that what is made of it can be shared.
 */
export type Watched<T> = AsyncIterableIterator<T> & {
  /** Instead of `next()`; ended by `return()`. While the sink is not ready nothing is kept for it that can be read again. */
  flowTo(sink: Sink<T>): { resume(): void };
};

/**
 * What browsers watch. Each call checks that the viewer may (RequestError ROOM_NOT_FOUND, WORKFLOW_NOT_FOUND) before
 * it returns; the iterators end as contract/schema.graphql says, and `return()` is immediate.
 */
export type Watch = {
  agentLogs(viewerId: string, args: WatchLogArgs): Promise<Watched<LogLine>>;
  deploymentCompleted(
    viewerId: string,
    args: { roomId: string; workflowId?: string; since?: Date },
  ): Promise<Watched<DeploymentRecord>>;
  workflowUpdated(viewerId: string, workflowId: string): Promise<Watched<WorkflowRecord>>;
};

/** A room's log as a stream, live or as far as it is written. */
export type RoomLogs = Pick<Watch, 'agentLogs'> & {
  /** As `agentLogs`, up to the line that is the last now; without `after` from the first that is kept. */
  agentLogsSoFar(viewerId: string, args: WatchLogArgs): Promise<AsyncIterableIterator<LogLine>>;
  /** The id of a workflow's last line; null while it goes on. */
  lastLineId(viewerId: string, roomId: string, workflowId: string): Promise<string | null>;
};

/* ---- reads, each by viewer: another's id behaves like one that does not exist ---- */

/** Some of a list's items, in the list's order, and whether the list has more before and after them. */
export type Slice<T> = {
  items: T[];
  hasPrevious: boolean;
  hasNext: boolean;
  /** What was asked for by a place that the list never had: the argument, and no items. */
  unknownPlace?: 'after' | 'before' | undefined;
};

/** The `first` items after `afterId`, which is exclusive and a UUID; of a list that is newest first. */
export type NewestFirst = { first: number; afterId?: string };

export type RoomReads = {
  byIds(viewerId: string, ids: readonly string[]): Promise<RoomRecord[]>;
  /** Newest first. */
  list(viewerId: string, page: NewestFirst & { status?: RoomStatus }): Promise<Slice<RoomRecord>>;
};

export type WorkflowReads = {
  byIds(viewerId: string, ids: readonly string[]): Promise<WorkflowRecord[]>;
  /** The newest of each room, where it has one. */
  latestByRooms(viewerId: string, roomIds: readonly string[]): Promise<WorkflowRecord[]>;
  /** Newest first, a slice for each room that is the viewer's, in one statement for all rooms. */
  listByRooms(
    viewerId: string,
    roomIds: readonly string[],
    page: NewestFirst,
  ): Promise<Map<string, Slice<WorkflowRecord>>>;
  /** Always four a workflow, in the chain's order. */
  steps(viewerId: string, workflowIds: readonly string[]): Promise<StepRecord[]>;
  /** By number. */
  attempts(viewerId: string, workflowIds: readonly string[]): Promise<AttemptRecord[]>;
  /** The results of the steps named, where they have one. */
  results(viewerId: string, steps: readonly StepRef[]): Promise<(StepRef & { result: AgentResult })[]>;
  deployments(viewerId: string, workflowIds: readonly string[]): Promise<DeploymentRecord[]>;
  /** Deployments of a room completed after a point in time, oldest first. No viewer: it was checked who may watch. */
  deploymentsAfter(roomId: string, after: Date): Promise<DeploymentRecord[]>;
};

export type RewardReads = {
  byWorkflows(viewerId: string, workflowIds: readonly string[]): Promise<RewardRecord[]>;
  /** Newest first. */
  list(viewerId: string, page: NewestFirst): Promise<Slice<RewardRecord>>;
  /** Whole HHCW tokens. */
  balance(viewerId: string): Promise<number>;
};

/** Lines between two that are not part of it. */
export type LogPage = LogFilter & {
  afterSeq?: number;
  beforeSeq?: number;
  limit: number;
  /** `first`: the oldest lines of the range; `last`: the newest. Either way the items are oldest first. */
  from: 'first' | 'last';
};

export type LogReads = {
  /** Oldest first, a slice for each room that is the viewer's, in one statement for all rooms. */
  page(viewerId: string, roomIds: readonly string[], page: LogPage): Promise<Map<string, Slice<LogLine>>>;
};

export type Reads = { rooms: RoomReads; workflows: WorkflowReads; rewards: RewardReads; logs: LogReads };

/* ---- the built-in agents ---- */

/** How a built-in agent misbehaves, for tests and demos. GET /health is always answered well. */
export type AgentBehaviour = {
  /** Waits so long before each answer, in ms. @default 0 */
  delayMs?: number;
  /** Answers 503 to so many calls under each Idempotency-Key before it works. @default 0 */
  failTimes?: number;
  /** Takes calls and never answers. @default false */
  hang?: boolean;
  /** Answers 200 with something that is not JSON. @default false */
  garbage?: boolean;
};

/** What the built-in agents publish. */
export type Content = { contentType: string; bytes: Uint8Array };

export type ContentStore = {
  /** Keeps bytes under their CID, or under another name, which then stands for the last of them. */
  put(cid: string, content: Content): Promise<void>;
  get(cid: string): Promise<Content | null>;
};
