import type { AgentResult } from '../domain/agent-input.ts';
import type { LogLine } from '../domain/log-line.ts';
import type { RoomStatus } from '../domain/workflow.ts';
import type { StepId } from './dispatch.ts';
import type { LogFilter } from './log.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  OutputRecord,
  RewardRecord,
  RoomRecord,
  StepRecord,
  UsageRecord,
  WorkflowRecord,
} from './records.ts';

/** A viewer's unfinished workflows. */
export type Activity = {
  running: number;
  queued: number;
  /** When the oldest of the queued ones was created. */
  oldestQueuedAt: Date | null;
};

/** Consecutive items of a list, in its order, and whether the list has more before and after them. */
export type Slice<T> = {
  items: T[];
  hasPrevious: boolean;
  hasNext: boolean;
  /** The argument whose cursor is of an item that the list never had. There are no items then. */
  unknownCursor?: 'after' | 'before' | undefined;
};

/** A page of a list that is newest first: the `first` items after `afterId`, a UUID. */
export type NewestFirst = { first: number; afterId?: string };

export type RoomReads = {
  byIds(viewerId: string, ids: readonly string[]): Promise<RoomRecord[]>;
  /** Newest first. */
  list(viewerId: string, page: NewestFirst & { status?: RoomStatus }): Promise<Slice<RoomRecord>>;
};

export type WorkflowReads = {
  byIds(viewerId: string, ids: readonly string[]): Promise<WorkflowRecord[]>;
  /** The newest workflow of each room that has one. */
  latestByRooms(viewerId: string, roomIds: readonly string[]): Promise<WorkflowRecord[]>;
  /** Newest first: a slice per room that belongs to the viewer, in one statement for all rooms. */
  listByRooms(
    viewerId: string,
    roomIds: readonly string[],
    page: NewestFirst,
  ): Promise<Map<string, Slice<WorkflowRecord>>>;
  /** Always four per workflow, in the chain's order. */
  steps(viewerId: string, workflowIds: readonly string[]): Promise<StepRecord[]>;
  /** Ordered by number. */
  attempts(viewerId: string, workflowIds: readonly string[]): Promise<AttemptRecord[]>;
  /** Ordered by attempt. */
  usages(viewerId: string, workflowIds: readonly string[]): Promise<UsageRecord[]>;
  /** The results of those steps that have one. */
  results(viewerId: string, steps: readonly StepId[]): Promise<(StepId & { result: AgentResult })[]>;
  /** What the last call of each step has written so far, by channel. */
  outputs(viewerId: string, steps: readonly StepId[]): Promise<OutputRecord[]>;
  deployments(viewerId: string, workflowIds: readonly string[]): Promise<DeploymentRecord[]>;
  activity(viewerId: string): Promise<Activity>;
  /** Deployments of a room completed after an instant, oldest first. The caller has checked access to the room. */
  deploymentsAfter(roomId: string, after: Date): Promise<DeploymentRecord[]>;
};

export type RewardReads = {
  byWorkflows(viewerId: string, workflowIds: readonly string[]): Promise<RewardRecord[]>;
  /** Newest first. */
  list(viewerId: string, page: NewestFirst): Promise<Slice<RewardRecord>>;
  /** Whole HHCW tokens. */
  balance(viewerId: string): Promise<number>;
};

/** The lines between `afterSeq` and `beforeSeq`, both exclusive. */
export type LogPage = LogFilter & {
  afterSeq?: number;
  beforeSeq?: number;
  limit: number;
  /** `first`: the oldest lines of the range; `last`: the newest. Either way the items are oldest first. */
  from: 'first' | 'last';
};

export type LogReads = {
  /** Oldest first: a slice per room that belongs to the viewer, in one statement for all rooms. */
  page(viewerId: string, roomIds: readonly string[], page: LogPage): Promise<Map<string, Slice<LogLine>>>;
};

/** What is stored under a CID, without the content. */
export type StoredContent = { cid: string; contentType: string; bytes: number };

export type ContentReads = {
  describe(cids: readonly string[]): Promise<StoredContent[]>;
};

export type Reads = {
  rooms: RoomReads;
  workflows: WorkflowReads;
  rewards: RewardReads;
  logs: LogReads;
  contents: ContentReads;
};
