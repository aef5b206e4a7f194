import { createClient as createSseClient } from 'graphql-sse';
import { type ClientOptions, createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/* Small typed clients, as in a user's program. Each URL is that of the GraphQL endpoint, with http. */

export type Variables = Record<string, unknown>;

export type GraphQLAnswer<T> = {
  data?: T | null;
  errors?: readonly { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[];
};

/** Sends one query or mutation by HTTP POST. GraphQL errors are in the answer; the promise does not reject for them. */
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

/** Returns an answer's data. @throws with the messages if the answer has errors */
export function dataOf<T>(answer: GraphQLAnswer<T>): T {
  if (answer.errors !== undefined || !answer.data) {
    throw new Error(`no data: ${answer.errors?.map((error) => error.message).join('; ')}`);
  }
  return answer.data;
}

/** Returns the code of an answer's first error. */
export const codeOf = (answer: GraphQLAnswer<unknown>): unknown => answer.errors?.[0]?.extensions?.['code'];

/** Creates a graphql-ws client, which by default does not reconnect. The caller disposes of it. */
export function connectWs(url: string, options: Partial<ClientOptions> = {}) {
  return createWsClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...options,
  });
}

/** Creates a graphql-sse client, which does not reconnect. The caller disposes of it. */
export function connectSse(url: string, headers: Record<string, string> = {}) {
  return createSseClient({ url, headers, retryAttempts: 0 });
}

/**
 * Runs one operation on a new WebSocket, which is closed when the iteration ends or is abandoned.
 * @throws the payload of an `error` message, or the close event
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

/** Runs one operation over server-sent events with a graphql-sse client, which does not reconnect. */
export async function* subscribeSse<T = Record<string, unknown>>(
  url: string,
  document: string,
  variables: Variables = {},
  headers: Record<string, string> = {},
): AsyncGenerator<GraphQLAnswer<T>> {
  const client = connectSse(url, headers);
  try {
    yield* client.iterate<T>({ query: document, variables }) as AsyncIterable<GraphQLAnswer<T>>;
  } finally {
    client.dispose();
  }
}

/** Collects a stream up to and including the first item that `isLast` accepts, or to its end. */
export async function collectUntil<T>(stream: AsyncIterable<T>, isLast: (item: T) => boolean): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) {
    items.push(item);
    if (isLast(item)) break;
  }
  return items;
}

/** Collects the first `count` items of a stream, or fewer if it ends earlier. */
export async function collect<T>(stream: AsyncIterable<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> {
  const items: T[] = [];
  return collectUntil(stream, (item) => items.push(item) >= count);
}
