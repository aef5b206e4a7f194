type Subscribe = { payload?: { query?: unknown } | null };

/**
 * Gives an operation that names its document only by a hash (automatic persisted queries) an empty document, so that this
 * operation alone is refused: graphql-ws would close the socket, and all other operations with it.
 */
export function withDocument(text: string): string {
  if (!text.includes('"persistedQuery"')) return text;
  try {
    const { payload, ...message } = JSON.parse(text) as Subscribe;
    if (typeof payload !== 'object' || payload === null || (payload.query ?? null) !== null) return text;
    return JSON.stringify({ ...message, payload: { ...payload, query: '' } });
  } catch {
    return text;
  }
}
