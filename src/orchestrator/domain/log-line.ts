import type { AgentType } from './agents.ts';
import { CUT_MARK, MAX_MESSAGE_LENGTH } from './clean-text.ts';

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

/** The largest line that is kept: message and metadata, in bytes of UTF-8. */
export const MAX_LINE_BYTES = 64 * 1024;
/** Of metadata that is too large, fields up to this many characters of JSON are kept, and so many of them: 12 KB. */
const SHORT_FIELD_LENGTH = 256;
const KEPT_FIELDS = 16;

/**
 * The line as it is kept: as it is, or cut to fit, which its metadata then says. What others send is bounded on its
 * way in; escapes and numbers may still be longer in our writing than they were in theirs.
 */
export function fitLine(line: NewLogLine): NewLogLine {
  const metadataJson = line.metadata === null ? '' : JSON.stringify(line.metadata);
  const bytes = byteLength(line.message) + byteLength(metadataJson);
  if (bytes <= MAX_LINE_BYTES) return line;

  const metadata = {
    ...shortFields(line.metadata),
    cut: `a line of ${bytes} bytes, where ${MAX_LINE_BYTES} are allowed`,
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

/** Counted only where it might matter: a UTF-16 unit takes three bytes at the most. */
function byteLength(text: string): number {
  return text.length * 3 < MAX_LINE_BYTES / 2 ? text.length : Buffer.byteLength(text);
}
