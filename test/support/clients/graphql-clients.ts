import { createClient as createSseClient } from 'graphql-sse';
import { type ClientOptions, createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Small typed clients, as a user's program would have them; each URL is the GraphQL endpoint's, by http. */

export type Variables = Record<string, unknown>;

export type GraphQLAnswer<T> = {
  data?: T | null;
  errors?: readonly { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[];
};

/** One query or mutation over HTTP POST. Never rejects for GraphQL errors: they are in the answer. */
export async function query<T = Record<string, unknown>>(
  url: string,
  document: string,
  variables: Variables = {},
  headers: Record<string, string> = {},
): Promise<GraphQLAnswer<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as GraphQLAnswer<T>;
}

/** The data of an answer that must have no errors. @throws with the errors' messages */
export function dataOf<T>(answer: GraphQLAnswer<T>): T {
  if (answer.errors !== undefined || !answer.data) {
    throw new Error(`no data: ${answer.errors?.map((error) => error.message).join('; ')}`);
  }
  return answer.data;
}

/** The code of the first error. */
export const codeOf = (answer: GraphQLAnswer<unknown>): unknown => answer.errors?.[0]?.extensions?.['code'];

/** A real graphql-ws client. It does not reconnect, unless told to by `retryAttempts`. Dispose of it in the end. */
export function connectWs(url: string, options: Partial<ClientOptions> = {}) {
  return createWsClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...options,
  });
}

/**
 * One operation on a WebSocket of its own, which is closed when the iteration ends or is left.
 * Throws what the `error` message carried, or the close event.
 */
export async function* subscribeWs<T = Record<string, unknown>>(
  url: string,
  document: string,
  variables: Variables = {},
  options: Partial<ClientOptions> = {},
): AsyncGenerator<GraphQLAnswer<T>> {
  const client = connectWs(url, options);
  try {
    yield* client.iterate<T>({ query: document, variables }) as AsyncIterable<GraphQLAnswer<T>>;
  } finally {
    await client.dispose();
  }
}

/** One operation over server-sent events by a real graphql-sse client, which does not reconnect. */
export async function* subscribeSse<T = Record<string, unknown>>(
  url: string,
  document: string,
  variables: Variables = {},
  headers: Record<string, string> = {},
): AsyncGenerator<GraphQLAnswer<T>> {
  const client = createSseClient({ url, headers, retryAttempts: 0 });
  try {
    yield* client.iterate<T>({ query: document, variables }) as AsyncIterable<GraphQLAnswer<T>>;
  } finally {
    client.dispose();
  }
}

/** All up to and with the first item that `isLast` accepts, or to the end; then the stream is left. */
export async function collectUntil<T>(stream: AsyncIterable<T>, isLast: (item: T) => boolean): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) {
    items.push(item);
    if (isLast(item)) break;
  }
  return items;
}

/** The first `count` items, or fewer when it ends before; then the stream is left. */
export async function collect<T>(stream: AsyncIterable<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> {
  const items: T[] = [];
  return collectUntil(stream, (item) => items.push(item) >= count);
}
