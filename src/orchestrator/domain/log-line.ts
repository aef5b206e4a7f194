import type { AgentType } from './agents.ts';
import { CUT_MARK, MAX_MESSAGE_LENGTH } from './clean-text.ts';

export const LOG_LEVELS = ['info', 'warn', 'error', 'success'] as const;
/** The severity of a line: 'info', 'warn', 'error', or 'success' for a result. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line's data for programs. The orchestrator's lines have an `event`, with its attempt, durations and codes. */
export type LogMetadata = Record<string, unknown>;

/** A line that is not yet in a log. */
export type NewLogLine = {
  agentType: AgentType;
  level: LogLevel;
  message: string;
  metadata: LogMetadata | null;
};

/** A line of a room's log. */
export type LogLine = NewLogLine & {
  /** The line's cursor: opaque, to be passed back as `after`. */
  id: string;
  /** 1, 2, 3 … in its room, without gaps. */
  seq: number;
  roomId: string;
  workflowId: string;
  timestamp: Date;
};

/** The Redis channel for a room's lines. */
export function logChannel(roomId: string): string {
  return `room:${roomId}:logs`;
}

/** Maximum size of a stored line: message and metadata, in bytes of UTF-8. */
export const MAX_LINE_BYTES = 64 * 1024;
/** Of metadata that is too large, this many fields are kept, if their JSON is at most this long: 12 KB in total. */
const SHORT_FIELD_LENGTH = 256;
const KEPT_FIELDS = 16;

/**
 * The line unchanged, or cut to the maximum size, which its metadata then shows. External lines are limited when they are
 * received, but escapes and numbers may become longer when they are serialized again.
 */
export function fitLine(line: NewLogLine): NewLogLine {
  const metadataJson = line.metadata === null ? '' : JSON.stringify(line.metadata);
  // A UTF-16 unit takes at most three bytes, so most lines need no exact count.
  if ((line.message.length + metadataJson.length) * 3 <= MAX_LINE_BYTES) return line;
  const bytes = Buffer.byteLength(line.message) + Buffer.byteLength(metadataJson);
  if (bytes <= MAX_LINE_BYTES) return line;

  const metadata = {
    ...shortFields(line.metadata),
    cut: `the line had ${bytes} bytes; the maximum is ${MAX_LINE_BYTES}`,
  };
  const message =
    line.message.length > MAX_MESSAGE_LENGTH
      ? line.message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed() + CUT_MARK
      : line.message;
  return { ...line, message, metadata };
}

function shortFields(metadata: LogMetadata | null): LogMetadata {
  const fields = Object.entries(metadata ?? {}).slice(0, KEPT_FIELDS);
  const isShort = (field: [string, unknown]) => JSON.stringify(field).length <= SHORT_FIELD_LENGTH;
  return Object.fromEntries(fields.filter(isShort));
}
