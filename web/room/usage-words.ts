import { count } from '../shared/words.ts';
import type { WorkflowState } from './operations.ts';

type Usage = NonNullable<WorkflowState['usage']>;

/** What models consumed, such as `$0.0123 · 1,234 tokens in, 567 out · 1 picture`. What is unknown is left out. */
export function usageWords({
  costUsd,
  inputTokens,
  outputTokens,
  images,
}: Omit<Usage, 'model' | 'wastedCostUsd'>): string {
  const tokens = [
    ...(inputTokens === null ? [] : [`${count(inputTokens, 'token')} in`]),
    ...(outputTokens === null
      ? []
      : [`${inputTokens === null ? count(outputTokens, 'token') : outputTokens.toLocaleString('en')} out`]),
  ];
  return [
    costUsd === null ? 'cost unknown' : dollars(costUsd),
    ...(tokens.length === 0 ? [] : [tokens.join(', ')]),
    ...(images === null || images === 0 ? [] : [count(images, 'picture')]),
  ].join(' · ');
}

/** Which models, and what failed attempts had of the cost. */
export function usageDetail({ model, wastedCostUsd }: Usage): string {
  return [
    model === null ? 'The agents did not name their models.' : `Models: ${model}.`,
    ...(wastedCostUsd === null || wastedCostUsd === 0
      ? []
      : [`Of this, failed attempts cost ${dollars(wastedCostUsd)}.`]),
  ].join(' ');
}

/** Small amounts keep two digits that count. */
function dollars(amount: number): string {
  if (amount === 0 || amount >= 0.1) return `$${amount.toFixed(2)}`;
  return `$${Number(amount.toPrecision(2)).toFixed(Math.min(9, 1 - Math.floor(Math.log10(amount))))}`;
}
