import type { AgentType } from '../domain/agents.ts';
import type { LogLevel, LogLine } from '../domain/log-line.ts';
import type { DeploymentRecord, WorkflowRecord } from './records.ts';

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

export type AgentLogsArgs = LogFilter & { roomId: string; after?: string; workflowId?: string };

/** Who is handed what is watched as it comes, instead of asking for each item. Called synchronously; must not throw. */
export type Sink<T> = {
  /** Whether it takes another item now. After a no, `resume` is called once it does again. */
  isReady(): boolean;
  write(item: T): void;
  /** No more will come. Not told to a sink that left by `return()`. */
  end(): void;
};

/**
 * What is watched: asked for by `next()`, or handed to one sink. An item that is told to several watchers at once is
 * one object, so that what is made of it can be shared.
 */
export type PipeableIterator<T> = AsyncIterableIterator<T> & {
  /** Instead of `next()`; ended by `return()`. While the sink is not ready nothing is kept for it that can be read again. */
  pipeTo(sink: Sink<T>): { resume(): void };
};

/**
 * What browsers watch. Each call checks that the viewer may (RequestError ROOM_NOT_FOUND, WORKFLOW_NOT_FOUND) before
 * it returns; the iterators end as contract/schema.graphql says, and `return()` is immediate.
 */
export type Subscriptions = {
  agentLogs(viewerId: string, args: AgentLogsArgs): Promise<PipeableIterator<LogLine>>;
  deploymentCompleted(
    viewerId: string,
    args: { roomId: string; workflowId?: string; since?: Date },
  ): Promise<PipeableIterator<DeploymentRecord>>;
  workflowUpdated(viewerId: string, workflowId: string): Promise<PipeableIterator<WorkflowRecord>>;
};

/** A room's log as a stream, live or as far as it is written. */
export type RoomLogs = Pick<Subscriptions, 'agentLogs'> & {
  /** As `agentLogs`, up to the line that is the last now; without `after` from the first that is kept. */
  agentLogsSoFar(viewerId: string, args: AgentLogsArgs): Promise<AsyncIterableIterator<LogLine>>;
  /** The id of a workflow's last line; null while it goes on. */
  lastLineId(viewerId: string, roomId: string, workflowId: string): Promise<string | null>;
};
