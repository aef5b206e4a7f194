import { CUT_MARK } from './clean-text.ts';
import { type LogMetadata, MAX_MESSAGE_LENGTH, type NewLogLine } from './log-line.ts';

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
