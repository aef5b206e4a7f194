import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import { RequestError, type RequestErrorCode } from '../../orchestrator/errors.ts';
import type { ServerLog } from '../options.ts';
import { withoutSuggestion } from './suggestions.ts';

/** Turns whatever was thrown into what a client may see. An error that was masked before is returned as it is. */
export type MaskError = (error: unknown) => GraphQLError;

export type MaskOptions = {
  isUnavailable: (error: unknown) => boolean;
  log: ServerLog;
  /** Whether GraphQL's own errors may say what was meant, and so name what the schema has. @default true */
  suggestions?: boolean;
  /** What clients are told while the database is away, in ms. @default 2000 */
  retryAfterMs?: number;
  /** Joins the answer to the log line. @default randomUUID */
  newErrorId?: () => string;
};

const STATUSES: Partial<Record<RequestErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

/**
 * - RequestError: its message, code and details.
 * - GraphQL's own (syntax, validation, variables) and those thrown as GraphQLError on purpose: unchanged. A custom
 *   scalar must therefore throw GraphQLError to explain itself.
 * - The database is away: SERVICE_UNAVAILABLE with `retryAfterMs`.
 * - Everything else: 'Unexpected error.' with an `errorId` that the log has as well, next to the stack.
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
      return placed(error, cause.message, { ...cause.details, code: cause.code, ...tooManyRequests(cause) }, status);
    }
    if (cause instanceof GraphQLError)
      return suggestions ? (error as GraphQLError) : withoutSuggestion(error as GraphQLError);
    if (isUnavailable(cause)) {
      log.warn({ err: cause }, 'a request failed because the database is away');
      const message = 'The service cannot reach its database at the moment. Please try again.';
      return placed(error, message, { code: 'SERVICE_UNAVAILABLE', retryAfterMs }, 503);
    }
    const errorId = newErrorId();
    log.error({ err: cause, errorId, path: pathOf(error) }, 'unexpected error in a request');
    return placed(error, 'Unexpected error.', { code: 'INTERNAL_SERVER_ERROR', errorId }, 500);
  };
}

/** Over HTTP this is told by the status as well, also when only one field of an answer met the limit. */
function tooManyRequests({ code, details }: RequestError): GraphQLErrorExtensions {
  if (code !== 'RATE_LIMITED') return {};
  const seconds = Math.ceil(Number(details['retryAfterMs'] ?? 1_000) / 1_000);
  return { http: { status: 429, headers: { 'Retry-After': String(seconds) } } };
}

/** What was thrown at first: GraphQL wraps errors, sometimes twice, to say where they happened. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

const pathOf = (error: unknown) => (error instanceof GraphQLError ? error.path : undefined);

/**
 * A new error at the same place of the answer. One without a place means that nothing was executed: only then the
 * HTTP status says so too (`http` is read, and taken out, by the transports).
 */
function placed(error: unknown, message: string, extensions: GraphQLErrorExtensions, status: number): GraphQLError {
  if (!(error instanceof GraphQLError)) {
    return new GraphQLError(message, { extensions: { ...extensions, http: { ...extensions['http'], status } } });
  }
  const { nodes = null, path = null } = error;
  return new GraphQLError(message, { nodes, path, extensions });
}

/** What is sent of a masked error: without the marks that are meant for the HTTP status. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...sent } = extensions ?? {};
  return Object.keys(sent).length === 0 ? rest : { ...rest, extensions: sent };
}

/** The HTTP status that an error asks for; 200 when it belongs to a place in an answer that was executed. */
export function statusOf(error: GraphQLError): number {
  const http = error.extensions['http'];
  return typeof http === 'object' && http !== null && 'status' in http ? Number(http.status) : 200;
}
