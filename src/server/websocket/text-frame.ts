/** RFC 6455: a text message in one frame that is final and, as all of a server's, not masked. */
const FINAL_TEXT = 0x81;
/** Lengths up to 125 stand in the second byte; these two say that 2 or 8 bytes follow with the length. */
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;

/** A text message in UTF-8: what is one watcher's own, and behind it what is the same for all. */
export type Message = { head: Uint8Array; body: Uint8Array };

/** The bytes of these messages on the wire, one frame each. */
export function toFrames(messages: readonly Message[]): Buffer {
  let size = 0;
  for (const message of messages) size += frameSize(lengthOf(message));
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const message of messages) {
    at = writeHeader(frames, at, lengthOf(message));
    frames.set(message.head, at);
    at += message.head.length;
    frames.set(message.body, at);
    at += message.body.length;
  }
  return frames;
}

export function lengthOf({ head, body }: Message): number {
  return head.length + body.length;
}

function frameSize(length: number): number {
  if (length < LENGTH_IN_2) return length + 2;
  return length + (length < 0x1_00_00 ? 4 : 10);
}

/** @returns where the payload begins */
function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = FINAL_TEXT;
  if (length < LENGTH_IN_2) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length < 0x1_00_00) {
    frames[at + 1] = LENGTH_IN_2;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = LENGTH_IN_8;
  frames.writeUInt16BE(0, at + 2);
  return frames.writeUIntBE(length, at + 4, 6);
}
