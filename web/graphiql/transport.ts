import { type ExecutionResult, GraphQLError } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws/client';

export type Request = {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | null | undefined;
};
export type Headers = Readonly<Record<string, string>>;
export type Result = ExecutionResult<Record<string, unknown>, Record<string, unknown>>;
export type Events = AsyncIterableIterator<Result>;

export type Transport = {
  /** The response, also if it is a refusal with a status of its own. @throws {Error} the server cannot be reached */
  request(request: Request, headers: Headers): Promise<Result>;
  subscribe(request: Request, headers: Headers): Events;
};

/** Queries and mutations over HTTP; subscriptions over a WebSocket, or over SSE if requests need headers. */
export function createTransport(url: URL, needsToken: boolean): Transport {
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol.replace('http', 'ws');
  const sockets = createWebSocketClient({ url: socketUrl.href });
  return {
    async request(request, headers) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
      });
      const text = await response.text();
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`The server answered ${response.status} without JSON: ${text.slice(0, 200)}`);
      }
    },
    subscribe({ query, variables = {}, operationName }, headers) {
      const request = { query, variables, ...(operationName ? { operationName } : {}) };
      const events = needsToken
        ? createSseClient({ url: url.href, headers }).iterate(request)
        : sockets.iterate(request);
      // The packages differ in what they call an error; it is printed as it came.
      return events as Events;
    },
  };
}

/** What a person reads if a request or a subscription fails without a response. */
export const failed = (message: string): Result => ({ errors: [new GraphQLError(message)] });

export function describeFailure(reason: unknown): Result {
  if (Array.isArray(reason)) return { errors: reason };
  if (reason instanceof CloseEvent) return failed(`The connection was closed: ${reason.code} ${reason.reason}`.trim());
  return failed(reason instanceof Error ? reason.message : String(reason));
}
