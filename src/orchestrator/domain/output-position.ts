import type { AgentName } from './agents.ts';
import { CUT_MARK } from './clean-text.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { MAX_CHANNELS, MAX_OUTPUT_LENGTH, type OutputEvent, type StepText, wholeCharacters } from './step-output.ts';

/** How much of each channel a watcher has, and of which call. */
type Reached = ReadonlyMap<string, { call: number; length: number }>;
type Mutable = Map<string, { call: number; length: number }>;

/** Where a watcher of a step's output stands. */
export type OutputPosition = {
  reached: Reached;
  /** The same for equal positions. It is the cursor's text. */
  key: string;
};

type StepRef = { workflowId: string; agent: AgentName };

/** Longest text of one event, in UTF-16 units: a long text must not fill a socket's buffer at once. */
const MAX_EVENT_LENGTH = 32 * 1024;

export const OUTPUT_START: OutputPosition = { reached: new Map(), key: '' };

/** The position at this offset of every channel. A channel that is shorter is of another attempt: it begins at 0. */
export function positionAt({ call, texts }: StepText, offset: number): OutputPosition {
  const reached: Mutable = new Map();
  for (const [channel, text] of texts) {
    if (offset <= text.length) reached.set(channel, { call, length: wholeCharacters(text, offset) });
  }
  return toPosition(reached);
}

/**
 * The channel that a watcher gets next: one with text of an earlier call, which is outdated now, before one that has
 * grown. Null: the watcher has everything.
 * @param only the watched channel; null: all of them
 */
export function nextChannel(text: StepText, { reached }: OutputPosition, only: string | null): string | null {
  const isWatched = (channel: string) => only === null || channel === only;
  for (const [channel, { call, length }] of reached) {
    if (call !== text.call && length > 0 && isWatched(channel)) return channel;
  }
  for (const [channel, { length }] of text.texts) {
    if (length > offsetIn(text, reached, channel) && isWatched(channel)) return channel;
  }
  return null;
}

/** The next event of a watcher, and its position after it. */
export type NextOutput = { event: OutputEvent; position: OutputPosition };

/**
 * What a watcher does not have of a channel, at most `maxLength` units of it. Text of another call begins at 0, even if it
 * is empty so far.
 */
export function nextOutput(
  step: StepRef,
  text: StepText,
  { reached }: OutputPosition,
  channel: string,
  maxLength = MAX_EVENT_LENGTH,
): NextOutput {
  const whole = text.texts.get(channel) ?? '';
  const offset = offsetIn(text, reached, channel);
  const end = wholeCharacters(whole, Math.min(offset + maxLength, Math.max(offset, whole.length)));
  const position = toPosition(new Map(reached).set(channel, { call: text.call, length: end }));
  const id = outputCursor(step, position);
  return { event: { id, attempt: text.attempt, channel, offset, text: whole.slice(offset, end) }, position };
}

/** The whole text, an event for each channel. */
export function allOutput(step: StepRef, text: StepText): OutputEvent[] {
  const events: OutputEvent[] = [];
  let position = OUTPUT_START;
  for (const channel of text.texts.keys()) {
    const next = nextOutput(step, text, position, channel, MAX_OUTPUT_LENGTH + CUT_MARK.length);
    events.push(next.event);
    position = next.position;
  }
  return events;
}

/** Opaque for clients, who pass it back as `after`. */
function outputCursor({ workflowId, agent }: StepRef, { key }: OutputPosition): string {
  return encodeCursor('output', workflowId, agent, key);
}

/** The position of a cursor of this step; null for any other text. */
export function positionOfCursor({ workflowId, agent }: StepRef, cursor: string): OutputPosition | null {
  const parts = decodeCursor('output', cursor);
  if (parts?.length !== 3 || parts[0] !== workflowId || parts[1] !== agent) return null;
  const reached: Mutable = new Map();
  const entries = (parts[2] ?? '').split(' ').filter((text) => text !== '');
  if (entries.length > MAX_CHANNELS) return null;
  for (const entry of entries) {
    const [, call, length, channel] = /^(\d{1,9})\.(\d{1,9})\.([\w-]+)$/.exec(entry) ?? [];
    if (channel === undefined) return null;
    reached.set(Buffer.from(channel, 'base64url').toString('utf8'), { call: Number(call), length: Number(length) });
  }
  const position = toPosition(reached);
  return position.key === parts[2] ? position : null;
}

function offsetIn({ call }: StepText, reached: Reached, channel: string): number {
  const known = reached.get(channel);
  return known?.call === call ? known.length : 0;
}

/** Of a channel without text nothing is remembered. So a position never has more than MAX_CHANNELS channels. */
function toPosition(channels: Reached): OutputPosition {
  const reached = new Map([...channels].filter(([, { length }]) => length > 0));
  const entries = [...reached].map(
    ([channel, { call, length }]) => `${call}.${length}.${Buffer.from(channel, 'utf8').toString('base64url')}`,
  );
  return { reached, key: entries.toSorted().join(' ') };
}
