import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ndjsonLines } from '../../../src/agents/ndjson.ts';

/** The lines found when the bytes arrive in these pieces. */
async function linesOf(pieces: Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  const arriving = (async function* () {
    yield* pieces;
  })();
  for await (const lines of ndjsonLines(arriving))
    found.push(...lines.map((line) => Buffer.from(line).toString('utf8')));
  return found;
}

/** Bytes cut at these places, in any order and as often as they come. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const character = fc.constantFrom('a', '"', ' ', '\t', '\u0000', 'é', '€', '👻', '\u2028');
const line = () => fc.string({ unit: character, maxLength: 6 });
const places = () => fc.array(fc.nat(), { maxLength: 6 });

describe('NDJSON', () => {
  test('the lines are the same wherever the bytes are cut, within a character too', async () => {
    const lines = fc.array(fc.tuple(line(), fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lines, line(), places(), async (ended, open, at) => {
        const bytes = new TextEncoder().encode(ended.map(([text, end]) => text + end).join('') + open);
        const expected = [...ended.map(([text]) => text), open].filter((text) => text !== '');
        expect(await linesOf(cut(bytes, at))).toEqual(expected);
      }),
    );
  });

  test('a line is handed on as soon as its newline is there', async () => {
    const arriving = (async function* () {
      yield Buffer.from('one\ntw');
      throw new Error('the second piece was asked for too early');
    })();
    const first = await ndjsonLines(arriving).next();
    expect(first.value).toEqual([Buffer.from('one')]);
  });

  test('nothing makes no lines', async () => {
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf([Buffer.from('\r\n\n')])).toEqual([]);
  });
});
