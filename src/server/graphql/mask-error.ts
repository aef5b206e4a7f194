import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import { RequestError, type RequestErrorCode } from '../../orchestrator/request-error.ts';
import type { ServerLog } from '../server-options.ts';
import { withoutSuggestion } from './hide-schema.ts';

/** Turns whatever was thrown into an error that a client may see. An error that is already masked is returned as is. */
export type MaskError = (error: unknown) => GraphQLError;

export type MaskOptions = {
  isUnavailable: (error: unknown) => boolean;
  log: ServerLog;
  /** Whether GraphQL's errors may suggest names of the schema. @default true */
  suggestions?: boolean;
  /** When clients should retry while the database is unavailable, in ms. @default 2000 */
  retryAfterMs?: number;
  /** Connects the response with the server's log. @default randomUUID */
  newErrorId?: () => string;
};

const STATUSES: Partial<Record<RequestErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

/**
 * - RequestError: its message, code and details.
 * - GraphQL's own errors (syntax, validation, variables) and every GraphQLError thrown on purpose: unchanged. A custom
 *   scalar must therefore throw GraphQLError to explain what is wrong.
 * - The database is unavailable: SERVICE_UNAVAILABLE with `retryAfterMs`.
 * - Anything else: 'Unexpected error.' with an `errorId`, under which the log has the error and its stack.
 */
export function createErrorMask({
  isUnavailable,
  log,
  suggestions = true,
  retryAfterMs = 2_000,
  newErrorId = randomUUID,
}: MaskOptions): MaskError {
  return (error) => {
    const cause = causeOf(error);
    if (cause instanceof RequestError) {
      const status = STATUSES[cause.code] ?? 400;
      return replaced(error, cause.message, { ...cause.details, code: cause.code, ...rateLimitHttp(cause) }, status);
    }
    if (cause instanceof GraphQLError) {
      return suggestions ? (error as GraphQLError) : withoutSuggestion(error as GraphQLError);
    }
    if (isUnavailable(cause)) {
      log.warn({ err: cause }, 'request failed: the database is unavailable');
      const message = `The service cannot reach its database. Retry in ${Math.ceil(retryAfterMs / 1_000)} s.`;
      return replaced(error, message, { code: 'SERVICE_UNAVAILABLE', retryAfterMs }, 503);
    }
    const errorId = newErrorId();
    log.error({ err: cause, errorId, path: pathOf(error) }, 'unexpected error in a request');
    return replaced(error, 'Unexpected error.', { code: 'INTERNAL_SERVER_ERROR', errorId }, 500);
  };
}

/** A rate limit sets status and header over HTTP even if it failed only one field of the response. */
function rateLimitHttp({ code, details }: RequestError): GraphQLErrorExtensions {
  if (code !== 'RATE_LIMITED') return {};
  const seconds = Math.ceil(Number(details['retryAfterMs'] ?? 1_000) / 1_000);
  return { http: { status: 429, headers: { 'Retry-After': String(seconds) } } };
}

/** The error as it was thrown: GraphQL wraps errors, sometimes twice, to add where they occurred. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

const pathOf = (error: unknown) => (error instanceof GraphQLError ? error.path : undefined);

/**
 * A new error with the path of the old one. Without a path nothing was executed, and only then the HTTP status reports
 * the error as well (the transports read `http` and remove it).
 */
function replaced(error: unknown, message: string, extensions: GraphQLErrorExtensions, status: number): GraphQLError {
  if (!(error instanceof GraphQLError)) {
    return new GraphQLError(message, { extensions: { ...extensions, http: { ...extensions['http'], status } } });
  }
  const { nodes = null, path = null } = error;
  return new GraphQLError(message, { nodes, path, extensions });
}

/** A masked error as it is sent: without `http`, which is meant for the transport. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...sent } = extensions ?? {};
  return Object.keys(sent).length === 0 ? rest : { ...rest, extensions: sent };
}

/** The HTTP status that an error asks for; 200 if it belongs to a field of a response that was executed. */
export function statusOf(error: GraphQLError): number {
  const http = error.extensions['http'];
  return typeof http === 'object' && http !== null && 'status' in http ? Number(http.status) : 200;
}
