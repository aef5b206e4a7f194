import { CloseCode } from 'graphql-ws';

/** Codes of RFC 6455 after which clients reconnect. */
export const GOING_AWAY = 1001;
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;
/** graphql-ws's codes: clients do not reconnect by themselves. */
export const BAD_REQUEST = CloseCode.BadRequest;
export const FORBIDDEN = CloseCode.Forbidden;
export const SUBPROTOCOL_NOT_ACCEPTABLE = CloseCode.SubprotocolNotAcceptable;
export const INTERNAL_SERVER_ERROR = CloseCode.InternalServerError;
/** A code of this server: the client does not read what it subscribed to. It may reconnect and resume. */
export const TOO_SLOW = 4413;

/** The reasons that do not come from an error. Each fits into a close frame. */
export const CLOSE_REASONS = {
  invalidMessage: 'Invalid message received',
  tokenExpired: 'Token expired',
  tryAgainLater: 'Try again later',
  internalServerError: 'Internal server error',
  serviceRestart: 'Service restart',
  idle: (idleMs: number) => `Idle: no operation for ${idleMs / 1_000} s. Reconnect when needed.`,
  tooSlow: (stallTimeoutMs: number) =>
    `Too slow: the client read nothing for ${stallTimeoutMs / 1_000} s. Reconnect to resume.`,
};

/** Shortens `text` to the 123 bytes that a close frame has room for. */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
}
