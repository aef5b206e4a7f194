/** The code of RFC 6455 for who is one too many; clients come back. */
export const TRY_AGAIN_LATER = 1013;

/** A close frame has room for 123 bytes of text. */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
}
