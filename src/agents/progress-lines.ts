import { CUT_MARK, MAX_MESSAGE_LENGTH } from '../orchestrator/domain/clean-text.ts';
import { LOG_LEVELS, type LogLevel, type LogMetadata } from '../orchestrator/domain/log-line.ts';
import type { AgentProgress } from '../orchestrator/ports/call-agent.ts';
import { isObject } from './agent-json.ts';
import { type Redact, redactDeep, redactNothing } from './agent-target.ts';

/** Log lines in one attempt; the rest are dropped. */
const MAX_LOG_LINES = 10_000;
/** Longest log line as sent, in bytes; of a longer one the beginning of the message is kept. */
export const MAX_LOG_LINE_BYTES = 64 * 1024;

/** Passes on an attempt's log lines, and knows when they have been handled. */
export type ProgressLines = {
  /** @param bytes length of the line as sent */
  add(log: unknown, bytes: number): void;
  /** Adds a warning that the agent did not send. */
  warn(message: string): void;
  /** Settles when every line added so far has been handled; rejects when `onProgress` did. */
  delivered(): Promise<void>;
};

/** @param redact replaces what must not appear in a log */
export function progressLines(onProgress: (line: AgentProgress) => Promise<void>, redact: Redact): ProgressLines {
  let count = 0;
  let pending: Promise<unknown>[] = [];
  // Async, so that an error thrown by `onProgress` rejects as well.
  const pass = async (line: AgentProgress) => onProgress(line);
  return {
    add(log, bytes) {
      count += 1;
      if (count <= MAX_LOG_LINES) pending.push(pass(progressLine(log, bytes, redact)));
      if (count === MAX_LOG_LINES + 1) pending.push(pass(LINES_DROPPED));
    },
    warn: (message) => void pending.push(pass({ level: 'warn', message, metadata: null })),
    async delivered() {
      const lines = Promise.all(pending);
      pending = [lines];
      await lines;
    },
  };
}

const LINES_DROPPED: AgentProgress = {
  level: 'warn',
  message: `More than ${MAX_LOG_LINES.toLocaleString('en')} log lines in this attempt: the rest are dropped`,
  metadata: { maxLogLines: MAX_LOG_LINES },
};

/** Accepts a line of any shape: an unknown level becomes info, metadata that is not an object is wrapped in one. */
function progressLine(log: unknown, bytes: number, redact: Redact): AgentProgress {
  const fields = isObject(log) ? log : { message: log };
  const message = redact(text(fields['message'] ?? log));
  if (bytes > MAX_LOG_LINE_BYTES) {
    const beginning = message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed();
    return {
      level: level(fields['level']),
      message: beginning === message ? message : beginning + CUT_MARK,
      metadata: { cut: `the log line had ${bytes} bytes; the maximum is ${MAX_LOG_LINE_BYTES}` },
    };
  }
  return { level: level(fields['level']), message, metadata: metadata(fields['metadata'], redact) };
}

function level(value: unknown): LogLevel {
  const known = typeof value === 'string' ? value.toLowerCase() : '';
  return LOG_LEVELS.find((name) => name === known) ?? (known === 'warning' ? 'warn' : 'info');
}

function metadata(value: unknown, redact: Redact): LogMetadata | null {
  if (value === undefined || value === null) return null;
  const clean = redact === redactNothing ? value : redactDeep(value, redact);
  return isObject(clean) ? clean : { value: clean };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
