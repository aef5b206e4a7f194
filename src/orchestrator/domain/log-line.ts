import type { AgentType } from './agents.ts';

export const LOG_LEVELS = ['info', 'warn', 'error', 'success'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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
