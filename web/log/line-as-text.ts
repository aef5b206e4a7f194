import type { LogLine } from '../room/operations.ts';
import { offset } from '../shared/time.ts';
import { agentTitle, levelWord } from '../shared/words.ts';

/** A line as it is copied. */
export function lineAsText({ timestamp, agentType, level, message }: LogLine, startMs: number): string {
  return [offset(Date.parse(timestamp) - startMs), agentTitle(agentType), levelWord(level), message].join('\t');
}
