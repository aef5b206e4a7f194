import { cleanText } from '../orchestrator/domain/clean-text.ts';
import { DEFAULT_CHANNEL, MAX_CHANNEL_LENGTH } from '../orchestrator/domain/step-output.ts';
import { isObject } from './agent-json.ts';
import type { Redact } from './agent-target.ts';

/**
 * Reads `partial` in a line of an agent's stream: an object with `text` and perhaps a `channel`, or the text alone.
 * Anything else is a problem, for the room's log: it must not cost the agent's work.
 */
export function readPartial(partial: unknown, redact: Redact): { channel: string; text: string } | { problem: string } {
  const { text, channel } = isObject(partial) ? partial : { text: partial };
  if (typeof text !== 'string') return { problem: `${IGNORED}: \`text\` is not a string` };
  if (channel === undefined || channel === null) return { channel: DEFAULT_CHANNEL, text: redact(text) };
  if (!isChannel(channel)) {
    return { problem: `${IGNORED}: \`channel\` is not a string of 1 to ${MAX_CHANNEL_LENGTH} characters` };
  }
  return { channel: redact(channel), text: redact(text) };
}

const IGNORED = 'Text in a line of the stream is not shown, nor in others like it';

/** Without characters that control a terminal: a channel is a name, and shown as one. */
function isChannel(channel: unknown): channel is string {
  return (
    typeof channel === 'string' &&
    channel.trim() !== '' &&
    channel.length <= MAX_CHANNEL_LENGTH &&
    cleanText(channel) === channel
  );
}
