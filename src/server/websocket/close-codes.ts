/** Codes of RFC 6455 after which clients reconnect. */
export const GOING_AWAY = 1001;
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;
/** graphql-ws's code for a server error: clients do not reconnect by themselves. */
export const INTERNAL_SERVER_ERROR = 4500;
/** A code of this server: the client does not read what it subscribed to. It may reconnect and resume. */
export const TOO_SLOW = 4413;

/** Shortens `text` to the 123 bytes that a close frame has room for. */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
}
