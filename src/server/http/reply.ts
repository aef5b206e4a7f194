import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { formatError, statusOf } from '../graphql/mask-error.ts';

/** Sends JSON. A HEAD request gets the headers alone: Node leaves the body out. */
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

/** The shape of a GraphQL answer on every path, so that a client reads each refusal in the same way. */
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

/** Adds to Vary, which several handlers have a say in. */
export function vary(res: ServerResponse, header: string): void {
  res.appendHeader('Vary', header);
}

/** Sends an error that kept the request from being executed. */
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
