/** A Postgres array of words that need no quotes: UUIDs and names of the domain's lists. */
export function arrayLiteral(words: readonly string[]): string {
  return `{${words.join(',')}}`;
}
