import { expect, test } from 'vitest';
import { encodeTextFrames } from '../../../../src/server/websocket/text-frame.ts';

/** RFC 6455, 5.2: the payloads of unmasked, unfragmented text frames. */
function payloadsOf(frames: Buffer): string[] {
  const payloads: string[] = [];
  for (let at = 0; at < frames.length; ) {
    expect(frames[at]).toBe(0x81);
    const short = frames.readUInt8(at + 1);
    const bytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const length =
      bytes === 8 ? Number(frames.readBigUInt64BE(at + 2)) : bytes === 2 ? frames.readUInt16BE(at + 2) : short;
    payloads.push(frames.toString('utf8', at + 2 + bytes, at + 2 + bytes + length));
    at += 2 + bytes + length;
  }
  return payloads;
}

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
  'a message of %i bytes can be decoded, among others',
  (size) => {
    const part = Buffer.alloc(size, 'x');
    const frames = encodeTextFrames([
      { head: Buffer.from('é'), body: part },
      { head: part, body: Buffer.alloc(0) },
      { head: Buffer.from('{'), body: Buffer.concat([part, Buffer.from('}')]) },
    ]);
    const x = 'x'.repeat(size);
    expect(payloadsOf(frames)).toEqual([`é${x}`, x, `{${x}}`]);
  },
);
