import type { Tokens } from './model-server.ts';

/** In US dollars; null: unknown. */
export type Prices = {
  inputPerMillion: number | null;
  outputPerMillion: number | null;
  perImage: number | null;
};

/** Undefined when a price or a number of tokens is unknown. */
export function costOfText({ inputTokens, outputTokens }: Tokens, prices: Prices): number | undefined {
  const { inputPerMillion, outputPerMillion } = prices;
  if (inputPerMillion === null || outputPerMillion === null) return undefined;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return round((inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1_000_000);
}

export function costOfImages(images: number, { perImage }: Prices): number | undefined {
  return perImage === null ? undefined : round(images * perImage);
}

/** Without the digits that binary fractions add. */
function round(dollars: number): number {
  return Number(dollars.toFixed(9));
}
