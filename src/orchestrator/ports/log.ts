import type { AgentType } from '../domain/agents.ts';
import type { LogLevel, LogLine } from '../domain/log-line.ts';
import type { OutputEvent } from '../domain/step-output.ts';
import type { StepOutputArgs } from './output.ts';
import type { DeploymentRecord, WorkflowRecord } from './records.ts';

/** Publishes committed lines to subscribers. Fire and forget: what is lost is read from Postgres. Never throws. */
export type PublishLines = (lines: readonly LogLine[]) => void;

/** Reads of the log that take no viewer: the caller has checked that the viewer owns the room. */
export type LogReader = {
  /** The head of each room; 0 for a room without lines. */
  heads(roomIds: readonly string[]): Promise<Map<string, number>>;
  /** Lines with a `seq` greater than `afterSeq`, in order, at most `limit`. */
  readAfter(roomId: string, afterSeq: number, limit: number): Promise<LogLine[]>;
};

export type LogFilter = { agentTypes?: readonly AgentType[]; levels?: readonly LogLevel[] };

export type AgentLogsArgs = LogFilter & { roomId: string; after?: string; workflowId?: string };

/** Receives items as they come, instead of requesting each one. Called synchronously; must not throw. */
export type Sink<T> = {
  /** Whether it accepts another item now. After it answered no, its owner calls `resume` when it accepts items again. */
  isReady(): boolean;
  write(item: T): void;
  /** No more items will come. Not called after `return()`. */
  end(): void;
};

/**
 * An async iterator whose items can also be piped into one sink. An item that several subscriptions receive is one
 * object, so that what is computed from it can be shared.
 */
export type PipeableIterator<T> = AsyncIterableIterator<T> & {
  /**
   * Use it instead of `next()`; `return()` ends it. While the sink is not ready, items that can be read again later are
   * not buffered for it.
   */
  pipeTo(sink: Sink<T>): { resume(): void };
};

/**
 * What clients subscribe to. Before it returns, each call checks that the viewer owns what it names (RequestError
 * ROOM_NOT_FOUND, WORKFLOW_NOT_FOUND). The iterators end as schema.graphql describes; `return()` settles at once.
 */
export type Subscriptions = {
  agentLogs(viewerId: string, args: AgentLogsArgs): Promise<PipeableIterator<LogLine>>;
  deploymentCompleted(
    viewerId: string,
    args: { roomId: string; workflowId?: string; since?: Date },
  ): Promise<PipeableIterator<DeploymentRecord>>;
  stepOutput(viewerId: string, args: StepOutputArgs): Promise<PipeableIterator<OutputEvent>>;
  workflowUpdated(viewerId: string, workflowId: string): Promise<PipeableIterator<WorkflowRecord>>;
};

/** A room's log as a stream: live, or as far as it is written. */
export type RoomLogs = Pick<Subscriptions, 'agentLogs'> & {
  /** Like `agentLogs`, but ends with the line that is the last one now; without `after` from the first that is kept. */
  agentLogsSoFar(viewerId: string, args: AgentLogsArgs): Promise<AsyncIterableIterator<LogLine>>;
  /** The id of a workflow's last line; null while the workflow runs. */
  lastLineId(viewerId: string, roomId: string, workflowId: string): Promise<string | null>;
};
