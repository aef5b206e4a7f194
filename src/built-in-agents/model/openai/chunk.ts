import { z } from 'zod';

const content = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().nullish() }))])
  .nullish()
  .catch(null)
  .transform((value) => (Array.isArray(value) ? value.map(({ text }) => text ?? '').join('') : (value ?? '')));

const part = z.looseObject({
  content,
  refusal: content,
  reasoning: content,
  reasoning_content: content,
});

const count = z.number().int().nonnegative().optional().catch(undefined);

/**
 * A chunk of a stream, or a whole answer from a server that does not stream. Lenient: servers leave out what the
 * specification demands, and `usage` comes with the last chunk, which has no choices, or never.
 */
const chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: part.nullish(),
        message: part.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  model: z.string().optional().catch(undefined),
  usage: z.looseObject({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});

export type Chunk = {
  text: string;
  refusal: string;
  /** Whether the model thought, in a field of its own. */
  hasReasoning: boolean;
  finish: string | null;
  model: string | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
};

/** Null for what is no chunk, which is skipped. */
export function readChunk(value: unknown): Chunk | null {
  const parsed = chunk.safeParse(value);
  if (!parsed.success) return null;
  const { choices, model, usage } = parsed.data;
  const choice = choices?.[0];
  const written = choice?.delta ?? choice?.message;
  return {
    text: written?.content ?? '',
    refusal: written?.refusal ?? '',
    hasReasoning: `${written?.reasoning ?? ''}${written?.reasoning_content ?? ''}` !== '',
    finish: choice?.finish_reason ?? null,
    model,
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
  };
}
