import type { z } from 'zod';
import type { Drawn, Message, Written } from './model-server.ts';

/** What an agent uses of a model during one call of the agent. Nothing is paid twice for one Idempotency-Key. */
export type Model = {
  /** Of the text model. */
  name: string;
  /** Whether there is a model that draws. */
  canDraw: boolean;
  /**
   * Writes a text.
   * @throws {Refusal | TemporaryFailure} with a message for a person
   */
  write(messages: readonly Message[], options?: WriteOptions): Promise<ModelText>;
  /**
   * Writes JSON that fits a schema. An answer that does not is sent back once.
   * @returns null when the second one does not fit either
   * @throws {Refusal | TemporaryFailure}
   */
  writeJson<T>(messages: readonly Message[], name: string, schema: z.ZodType<T>, seed?: number): Promise<T | null>;
  /**
   * Draws a picture; or says why it cannot, so that the agent draws without a model.
   * @throws {Refusal | TemporaryFailure}
   */
  draw(prompt: string): Promise<Drawn | { whyNot: string }>;
};

export type WriteOptions = {
  seed?: number | undefined;
  /** Streams what readers may see of the text so far, which only grows, to this channel. @default nothing is streamed */
  stream?: { channel: string; visible: (raw: string, isComplete: boolean) => string };
};

export type ModelText = Written & {
  /** The answer is useless: the next call of the agent pays for another one. */
  forget: () => Promise<void>;
};

/** What a result says about the model's work. */
export function modelMetadata(written: Written) {
  const { model, inputTokens, outputTokens, firstTokenMs, durationMs } = written;
  return { model, inputTokens, outputTokens, firstTokenMs, durationMs, tokensPerSecond: tokensPerSecond(written) };
}

/** A text that arrives within this time, in ms, came at once: how fast the model wrote it is unknown. */
const AT_ONCE_MS = 100;

type Times = Pick<Written, 'firstTokenMs' | 'durationMs'>;

/** Whether the text arrived while it was written. */
export const wasStreamed = ({ firstTokenMs, durationMs }: Times): boolean => durationMs - firstTokenMs >= AT_ONCE_MS;

/** While the model wrote; undefined when the number of tokens or the time is unknown. */
export function tokensPerSecond(written: Times & Pick<Written, 'outputTokens'>): number | undefined {
  const { outputTokens, firstTokenMs, durationMs } = written;
  if (outputTokens === undefined || !wasStreamed(written)) return undefined;
  return Math.round((outputTokens * 10_000) / (durationMs - firstTokenMs)) / 10;
}
