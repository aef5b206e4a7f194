/** RFC 6455: a text message in one final frame, unmasked like every frame from a server. */
const FINAL_TEXT = 0x81;
/** Lengths up to 125 fit into the second byte; these two values announce 2 or 8 further bytes that hold the length. */
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A text message in UTF-8: `head` is specific to one subscription, `body` may be shared by many. */
export type TextMessage = { head: Uint8Array; body: Uint8Array };

/** Encodes each message as one frame, all in one buffer. */
export function encodeTextFrames(messages: readonly TextMessage[]): Buffer {
  let size = 0;
  for (const message of messages) size += frameBytes(messageBytes(message));
  const frames = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const message of messages) {
    offset = writeHeader(frames, offset, messageBytes(message));
    frames.set(message.head, offset);
    offset += message.head.length;
    frames.set(message.body, offset);
    offset += message.body.length;
  }
  return frames;
}

export function messageBytes({ head, body }: TextMessage): number {
  return head.length + body.length;
}

function frameBytes(length: number): number {
  if (length < LENGTH_IN_2_BYTES) return length + 2;
  return length + (length < 0x1_00_00 ? 4 : 10);
}

/** @returns the offset of the payload */
function writeHeader(frames: Buffer, offset: number, length: number): number {
  frames[offset] = FINAL_TEXT;
  if (length < LENGTH_IN_2_BYTES) {
    frames[offset + 1] = length;
    return offset + 2;
  }
  if (length < 0x1_00_00) {
    frames[offset + 1] = LENGTH_IN_2_BYTES;
    return frames.writeUInt16BE(length, offset + 2);
  }
  frames[offset + 1] = LENGTH_IN_8_BYTES;
  frames.writeUInt16BE(0, offset + 2);
  return frames.writeUIntBE(length, offset + 4, 6);
}
