import { createCipheriv, createHash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { cidOf } from '../../../src/built-in-agents/cid.ts';

describe('a CID', () => {
  test.each([
    ['', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  ])('the CID of %j is the well-known one', async (text, cid) => {
    expect(await cidOf(new TextEncoder().encode(text))).toBe(cid);
  });

  test('the CID of 1 MiB is that of one raw block', async () => {
    const bytes = new Uint8Array(1024 * 1024).fill(7);
    expect(await cidOf(bytes)).toBe(rawCid(bytes).toString());
  });

  // Kubo's own tests expect these of `ipfs add` with the profile unixfs-v1-2025 (test/cli/cid_profiles_test.go).
  test.each([
    [1_048_576, 'bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta'],
    [1_048_577, 'bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64'],
  ])('the CID of %i random bytes is the one that Kubo gives to them', async (size, cid) => {
    expect(await cidOf(randomBytesOf('chunk-v1-seed', size))).toBe(cid);
  });

  // Built by hand from the UnixFS specification, so that the importer's settings are not checked against the importer.
  test('the CID of a larger file is that of a UnixFS file with a raw leaf per MiB', async () => {
    const bytes = new Uint8Array(1024 * 1024 + 5).fill(7);
    const leaves = [bytes.subarray(0, 1024 * 1024), bytes.subarray(1024 * 1024)];
    const links = leaves.map((leaf) =>
      field(2, [...field(1, [...rawCid(leaf).bytes]), ...field(2, []), 0x18, ...varint(leaf.length)]),
    );
    const sizes = leaves.flatMap((leaf) => [0x20, ...varint(leaf.length)]);
    const file = [0x08, 0x02, 0x18, ...varint(bytes.length), ...sizes];
    const node = Uint8Array.from([...links.flat(), ...field(1, file)]);
    expect(await cidOf(bytes)).toBe(CID.createV1(0x70, sha256(node)).toString());
  });
});

function rawCid(bytes: Uint8Array): CID {
  return CID.createV1(0x55, sha256(bytes));
}

function sha256(bytes: Uint8Array) {
  const digest = createHash('sha256').update(bytes).digest();
  return { code: 0x12 as const, digest, size: 32, bytes: Uint8Array.from([0x12, 32, ...digest]) };
}

function field(number: number, content: number[]): number[] {
  return [(number << 3) | 2, ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The bytes that Kubo's tests make of a seed: the ChaCha20 key stream of its SHA-256. */
function randomBytesOf(seed: string, size: number): Uint8Array {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('chacha20', key, Buffer.alloc(16)).update(new Uint8Array(size));
}
