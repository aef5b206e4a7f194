type ErrorLike = { readonly message: string; readonly extensions?: Record<string, unknown> | undefined };

/** The API refused an operation. The message is for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  /** After which time to try again, if the server said so. */
  readonly retryAfterMs: number | null;
  constructor({ message, extensions }: ErrorLike) {
    super(message);
    this.code = String(extensions?.['code'] ?? 'UNKNOWN');
    const retryAfterMs = extensions?.['retryAfterMs'];
    this.retryAfterMs = typeof retryAfterMs === 'number' ? retryAfterMs : null;
  }
}

/** Codes after which the same operation may succeed later. */
const PASSING = new Set(['SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/** Whether the operation may succeed if it is repeated later; also true of a lost connection. */
export const isPassing = (error: Error): boolean => !(error instanceof ApiError) || PASSING.has(error.code);

/** The error of a result without data. */
export function errorOf({ errors }: { errors?: readonly ErrorLike[] | undefined }): Error {
  const [first] = errors ?? [];
  return first === undefined ? new Error('The server gave no answer.') : new ApiError(first);
}

/** What graphql-ws passes to `error`: GraphQL errors, a close event, or an error. */
export function toError(reason: unknown): Error {
  if (Array.isArray(reason)) return errorOf({ errors: reason });
  if (reason instanceof Error) return reason;
  if (reason instanceof CloseEvent && reason.reason !== '') return new Error(reason.reason);
  return new Error('The connection was closed.');
}
