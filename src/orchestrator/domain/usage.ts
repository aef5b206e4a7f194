/**
 * What calls of models consumed, as agents report it. null is unknown, which is not zero. Costs are in US dollars.
 */
export type Usage = {
  /** The model's name; of several, each once, separated by commas. */
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  images: number | null;
  costUsd: number | null;
};

/** The largest count that GraphQL's Int holds: a larger sum is unknown. */
const MAX_COUNT = 2 ** 31 - 1;

/** Adds up reports. Once one of them leaves a value out, the sum of that value is unknown. Null when there is none. */
export function totalUsage(reports: readonly Usage[]): Usage | null {
  if (reports.length === 0) return null;
  const sum = (field: 'inputTokens' | 'outputTokens' | 'images') => {
    const total = sumOf(reports.map((report) => report[field]));
    return total === null || total > MAX_COUNT ? null : total;
  };
  return {
    model: modelsOf(reports),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    images: sum('images'),
    costUsd: dollars(sumOf(reports.map(({ costUsd }) => costUsd))),
  };
}

function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

function modelsOf(reports: readonly Usage[]): string | null {
  const names = reports.flatMap(({ model }) => model?.split(', ') ?? []);
  return names.length === 0 ? null : [...new Set(names)].join(', ');
}

/** Without the digits that adding binary fractions leaves behind: 0.1 + 0.2 is 0.3. */
function dollars(amount: number | null): number | null {
  return amount === null ? null : Number(amount.toFixed(9));
}
