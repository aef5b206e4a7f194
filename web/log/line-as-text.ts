import type { LogLine } from '../room/operations.ts';
import { lineTime, type TimeStyle } from '../shared/time.ts';
import { agentTitle, levelWord } from '../shared/words.ts';

/** A line as it is copied. */
export function lineAsText(line: LogLine, startMs: number, times: TimeStyle): string {
  const { timestamp, agentType, level, message } = line;
  return [lineTime(timestamp, startMs, times), agentTitle(agentType), levelWord(level), message].join('\t');
}
