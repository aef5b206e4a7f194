/** The error codes of the API, sent as `extensions.code`. Every other error is masked. */
export const REQUEST_ERROR_CODES = [
  'UNAUTHENTICATED',
  'ROOM_NOT_FOUND',
  'WORKFLOW_NOT_FOUND',
  'WORKFLOW_ALREADY_RUNNING',
  'WORKFLOW_FINISHED',
  'NOTHING_TO_RETRY',
  'INVALID_INPUT',
  'IDEMPOTENCY_CONFLICT',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'SERVICE_UNAVAILABLE',
] as const;
export type RequestErrorCode = (typeof REQUEST_ERROR_CODES)[number];

/** A request that was refused, with a message for its sender. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** More extensions of the GraphQL error: `workflowId`, `field`, `retryAfterMs`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RequestErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export const roomNotFound = () => new RequestError('ROOM_NOT_FOUND', 'Room not found.');
export const workflowNotFound = () => new RequestError('WORKFLOW_NOT_FOUND', 'Workflow not found.');
export const workflowAlreadyRunning = (workflowId: string) =>
  new RequestError(
    'WORKFLOW_ALREADY_RUNNING',
    'The room already has an unfinished workflow. Wait until it ends, or cancel it.',
    { workflowId },
  );
export const idempotencyConflict = (workflowId: string) =>
  new RequestError('IDEMPOTENCY_CONFLICT', 'This idempotencyKey was already used with different arguments.', {
    workflowId,
  });
/** @param reason what is wrong with the field, without a full stop: `must not be empty` */
export const invalidInput = (field: string, reason: string) =>
  new RequestError('INVALID_INPUT', `${field}: ${reason}.`, { field });
