import { cleanText } from '../orchestrator/domain/clean-text.ts';
import type { Usage } from '../orchestrator/domain/usage.ts';
import { isObject } from './agent-json.ts';
import type { Redact } from './agent-target.ts';

/** Longest name of a model that is kept, in UTF-16 units. */
const MAX_MODEL_LENGTH = 200;
/** Larger numbers are taken for mistakes. */
const MAX_COUNT = 1_000_000_000;
const MAX_COST_USD = 1_000_000;

/** Reads an agent's `usage`. A value that is absent or makes no sense is unknown; null when it is not an object. */
export function usageLine(usage: unknown, redact: Redact): Usage | null {
  if (!isObject(usage)) return null;
  const { model } = usage;
  // Commas separate the names of several models.
  const name = typeof model === 'string' ? cleanText(redact(model), MAX_MODEL_LENGTH).replaceAll(',', ' ').trim() : '';
  return {
    model: name === '' ? null : name,
    inputTokens: count(usage['inputTokens']),
    outputTokens: count(usage['outputTokens']),
    images: count(usage['images']),
    costUsd: within(usage['costUsd'], MAX_COST_USD),
  };
}

function count(value: unknown): number | null {
  const number = within(value, MAX_COUNT);
  return Number.isInteger(number) ? number : null;
}

function within(value: unknown, max: number): number | null {
  // A number that is not written as JavaScript writes it, such as 0.10, was kept as text.
  const number = JSON.isRawJSON(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && number >= 0 && number <= max ? number : null;
}
