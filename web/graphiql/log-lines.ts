import { lineText } from './log-text.ts';
import type { Result } from './transport.ts';

type Line = Readonly<Record<string, unknown>>;

/** How many events stay in sight. */
const MAX_EVENTS = 10_000;

/** The events of one subscription to a log, as text to append. */
export type LogLines = {
  add(result: Result): void;
  /** What came since the last call, and how many lines at the top are too many now; null: nothing new. */
  take(): { text: string; dropped: number } | null;
};

/** After a lost connection the log begins again: lines that were shown are left out, if their `seq` was asked for. */
export function createLogLines(max: number = MAX_EVENTS): LogLines {
  let lastSeq = 0;
  let fresh: string[] = [];
  /** How many lines of text each event in sight has. */
  const heights: number[] = [];
  return {
    add(result) {
      const line = lineOf(result);
      if (line !== null && typeof line['seq'] === 'number') {
        if (line['seq'] <= lastSeq) return;
        lastSeq = line['seq'];
      }
      fresh.push(line === null || result.errors !== undefined ? JSON.stringify(result, null, 2) : lineText(line));
    },
    take() {
      if (fresh.length === 0) return null;
      const skipped = Math.max(fresh.length - max, 0);
      const texts = fresh.slice(skipped);
      fresh = [];
      heights.push(...texts.map((text) => text.split('\n').length));
      const gone = heights.splice(0, Math.max(heights.length - max, 0));
      return { text: `${texts.join('\n')}\n`, dropped: gone.reduce((sum, height) => sum + height, 0) };
    },
  };
}

function lineOf({ data }: Result): Line | null {
  const [line]: unknown[] = typeof data === 'object' && data !== null ? Object.values(data) : [];
  return typeof line === 'object' && line !== null ? { ...line } : null;
}
