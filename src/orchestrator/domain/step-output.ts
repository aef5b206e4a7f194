import type { AgentName } from './agents.ts';
import { CUT_MARK } from './clean-text.ts';

/*
 * A step's output: text that its agent streams while it works, by channel. It is shown while it grows, and the result
 * replaces it. Lengths and offsets are in UTF-16 units, as JavaScript counts them.
 */

/** The channel of text that names none. */
export const DEFAULT_CHANNEL = 'output';
export const MAX_CHANNEL_LENGTH = 64;
/** Channels in one attempt. */
export const MAX_CHANNELS = 8;
/** Longest text of a channel; the rest is dropped, with a mark. */
export const MAX_OUTPUT_LENGTH = 256 * 1024;

/** Part of a channel's text. */
export type OutputPiece = { channel: string; offset: number; text: string };

/** A piece as clients receive it. The `id` stands for the position after it. */
export type OutputEvent = OutputPiece & { id: string; attempt: number };

/** The call of an agent that wrote a text: `call`, its lease's number, tells repeated calls of an attempt apart. */
export type OutputSource = { workflowId: string; agent: AgentName; attempt: number; call: number };

/** What the last call of a step's agent has written so far. */
export type StepText = {
  attempt: number;
  call: number;
  /** The step has ended: the text is complete. */
  isEnded: boolean;
  texts: ReadonlyMap<string, string>;
};

/** The Redis channel for a step's output. */
export function outputChannel(
  roomId: string,
  { workflowId, agent }: Pick<OutputSource, 'workflowId' | 'agent'>,
): string {
  return `room:${roomId}:output:${workflowId}:${agent}`;
}

/** As much of `text` as fits after `length` units of it; cut between whole characters, and then with a mark. */
export function fitOutput(length: number, text: string): { text: string; isCut: boolean } {
  const left = MAX_OUTPUT_LENGTH - length;
  if (text.length <= left) return { text, isCut: false };
  return { text: text.slice(0, wholeCharacters(text, left)) + CUT_MARK, isCut: true };
}

/** The offset, or the one before it if it lies within a surrogate pair. */
export function wholeCharacters(text: string, offset: number): number {
  const isLow = (text.charCodeAt(offset) & 0xfc00) === 0xdc00;
  return isLow && (text.charCodeAt(offset - 1) & 0xfc00) === 0xd800 ? offset - 1 : offset;
}

/**
 * The text with a piece that was published, or null if text before the piece is missing. A piece of an earlier call, and
 * one that is known already, change nothing.
 */
export function withPiece(
  known: StepText,
  { attempt, call, channel, offset, text }: OutputPiece & Pick<OutputSource, 'attempt' | 'call'>,
): StepText | null {
  if (call < known.call) return known;
  const isSameCall = call === known.call;
  const texts = isSameCall ? known.texts : new Map<string, string>();
  const before = texts.get(channel) ?? '';
  if (offset > before.length) return null;
  if (offset + text.length <= before.length) return known;
  const after = before + text.slice(before.length - offset);
  return { attempt, call, isEnded: isSameCall && known.isEnded, texts: new Map(texts).set(channel, after) };
}

/** What is known together with what was read, which may be older in part. */
export function latestText(known: StepText | null, read: StepText): StepText {
  if (known === null || read.call > known.call) return read;
  if (read.call < known.call) return known;
  const longer = [...read.texts].filter(([channel, text]) => text.length > (known.texts.get(channel)?.length ?? 0));
  const isEnded = known.isEnded || read.isEnded;
  if (longer.length === 0 && isEnded === known.isEnded) return known;
  return { ...known, isEnded, texts: new Map([...known.texts, ...longer]) };
}
