/** JSON in which no text, nor the name of a field, holds what `redact` strikes out. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((inner) => redactDeep(inner, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [redact(name), redactDeep(inner, redact)]);
  return Object.fromEntries(entries) as T;
}
