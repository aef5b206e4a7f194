import type { AgentType } from './agents.ts';

export const LOG_LEVELS = ['info', 'warn', 'error', 'success'] as const;
/** How much a line matters: 'info', 'warn', 'error', or 'success' when something was achieved. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What programs may want to know of a line. The orchestrator's own have `event`, and by it attempts, ms and codes. */
export type LogMetadata = Record<string, unknown>;

/** A line before it has its place in the room's log. */
export type NewLogLine = {
  agentType: AgentType;
  level: LogLevel;
  message: string;
  metadata: LogMetadata | null;
};

/** A line as it is kept: `seq` 1, 2, 3 … in its room, without gaps. */
export type LogLine = NewLogLine & {
  /** Opaque; what a reader passes back as `after`. */
  id: string;
  seq: number;
  roomId: string;
  workflowId: string;
  timestamp: Date;
};

/** The Redis channel that carries a room's lines. */
export function logChannel(roomId: string): string {
  return `room:${roomId}:logs`;
}

/** Longest message, in UTF-16 units; a longer one is cut with a mark. */
export const MAX_MESSAGE_LENGTH = 16_384;
