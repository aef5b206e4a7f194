import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { formatError, statusOf } from '../graphql/mask-error.ts';

/** Sends JSON. In response to HEAD, Node omits the body. */
export function sendJson(res: ServerResponse, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  });
  res.end(text);
}

/** The shape of a GraphQL response, on every path, so that clients read all errors in the same way. */
export function errorBody(code: string, message: string): object {
  return { errors: [{ message, extensions: { code } }] };
}

export function sendError(
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  sendJson(res, status, errorBody(code, message), headers);
}

/** Sends a masked error because of which nothing was executed. */
export function sendMasked(res: ServerResponse, error: GraphQLError, status = statusOf(error)): void {
  const { retryAfterMs } = error.extensions;
  sendJson(
    res,
    status,
    { errors: [formatError(error)] },
    {
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(typeof retryAfterMs === 'number' ? { 'Retry-After': Math.ceil(retryAfterMs / 1_000) } : {}),
    },
  );
}

/** Adds a name to the Vary header. */
export function vary(res: ServerResponse, header: string): void {
  res.appendHeader('Vary', header);
}
