import type { Values } from './variables.ts';

/** What the built-in agents need to use models. */
export type ModelConfig = {
  /** Null: the server needs none. */
  apiKey: string | null;
  baseUrl: string;
  model: string;
  /** Null: pictures are drawn without a model. */
  imageModel: string | null;
  /** In US dollars; null: unknown. */
  prices: { inputPerMillion: number | null; outputPerMillion: number | null; perImage: number | null };
};

const OPENAI_URL = 'https://api.openai.com/v1';

export function modelsOf(values: Values): ModelConfig | null {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = values;
  if (apiKey === null && baseUrl === null) return null;
  return {
    apiKey,
    baseUrl: baseUrl ?? OPENAI_URL,
    model: values.OPENAI_MODEL,
    imageModel: values.OPENAI_IMAGE_MODEL,
    prices: {
      inputPerMillion: values.MODEL_PRICE_INPUT_PER_MILLION,
      outputPerMillion: values.MODEL_PRICE_OUTPUT_PER_MILLION,
      perImage: values.MODEL_PRICE_PER_IMAGE,
    },
  };
}

/** Warnings about settings that are valid but have no effect. */
export function modelWarnings(values: Values): string[] {
  const warnings: string[] = [];
  if (values.OPENAI_API_KEY === null && values.OPENAI_BASE_URL === null && values.OPENAI_IMAGE_MODEL !== null) {
    warnings.push('OPENAI_IMAGE_MODEL has no effect unless OPENAI_API_KEY or OPENAI_BASE_URL is set');
  }
  const { MODEL_PRICE_INPUT_PER_MILLION: input, MODEL_PRICE_OUTPUT_PER_MILLION: output } = values;
  if ((input === null) !== (output === null)) {
    warnings.push(
      'MODEL_PRICE_INPUT_PER_MILLION and MODEL_PRICE_OUTPUT_PER_MILLION have no effect unless both are set: the cost of ' +
        'texts stays unknown',
    );
  }
  return warnings;
}
