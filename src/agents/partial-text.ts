import { cleanText } from '../orchestrator/domain/clean-text.ts';
import { DEFAULT_CHANNEL, MAX_CHANNEL_LENGTH } from '../orchestrator/domain/step-output.ts';
import { isObject } from './agent-json.ts';
import type { AgentTarget } from './agent-target.ts';
import { createPieceRedactor, type PieceRedactor } from './redact-pieces.ts';

/** Passes on the text that an attempt streams. */
export type PartialText = {
  /** @param partial what the agent sent: an object with `text` and perhaps a `channel`, or the text alone */
  add(partial: unknown): void;
  /** The stream has ended: passes on what was held back. */
  end(): void;
};

/** @param warn called with the first piece of another shape: it is dropped, and must not cost the agent's work */
export function createPartialText(
  onText: (channel: string, text: string) => void,
  { redact, secrets }: Pick<AgentTarget, 'redact' | 'secrets'>,
  warn: (message: string) => void,
): PartialText {
  const redactors = new Map<string, PieceRedactor>();
  /** The first halves of characters whose second half has not come yet, by channel. */
  const halves = new Map<string, string>();
  let hasWarned = false;

  function redacted(channel: string, text: string): string {
    if (secrets.length === 0) return text;
    const redactor = redactors.get(channel) ?? createPieceRedactor(redact, secrets);
    redactors.set(channel, redactor);
    return redactor.add(text);
  }

  /** Text of whole characters that PostgreSQL can store. */
  function whole(channel: string, piece: string): string {
    const text = (halves.get(channel) ?? '') + piece;
    const half = /[\ud800-\udbff]$/.exec(text)?.[0];
    if (half === undefined) halves.delete(channel);
    else halves.set(channel, half);
    const complete = half === undefined ? text : text.slice(0, -1);
    return complete.toWellFormed().replaceAll('\u0000', '\ufffd');
  }

  return {
    add(partial) {
      const read = readPartial(partial);
      if ('text' in read) {
        const channel = redact(read.channel);
        onText(channel, redacted(channel, whole(channel, read.text)));
      } else if (!hasWarned) {
        hasWarned = true;
        warn(`Text in a line of the stream is not shown, nor in others like it: ${read.problem}`);
      }
    },
    end() {
      for (const [channel, half] of halves) onText(channel, redacted(channel, half.toWellFormed()));
      for (const [channel, redactor] of redactors) onText(channel, redactor.rest());
    },
  };
}

function readPartial(partial: unknown): { channel: string; text: string } | { problem: string } {
  const { text, channel } = isObject(partial) ? partial : { text: partial };
  if (typeof text !== 'string') return { problem: '`text` is not a string' };
  if (channel === undefined || channel === null) return { channel: DEFAULT_CHANNEL, text };
  if (isChannel(channel)) return { channel, text };
  return { problem: `\`channel\` is not a name of 1 to ${MAX_CHANNEL_LENGTH} characters` };
}

/** Without characters that control a terminal: a channel is a name, and shown as one. */
function isChannel(channel: unknown): channel is string {
  return (
    typeof channel === 'string' &&
    channel.trim() !== '' &&
    channel.length <= MAX_CHANNEL_LENGTH &&
    cleanText(channel) === channel
  );
}
