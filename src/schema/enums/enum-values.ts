type EnumValues<V extends string> = { [K in V as Uppercase<K>]: { value: K; description: string } };

/**
 * A list of the domain as the values of a GraphQL enum: `idle` inside is `IDLE` outside. A name without a description
 * does not type-check.
 */
export function enumValues<V extends string>(names: readonly V[], descriptions: Record<V, string>): EnumValues<V> {
  const values = names.map((name) => [name.toUpperCase(), { value: name, description: descriptions[name] }]);
  return Object.fromEntries(values) as EnumValues<V>;
}
