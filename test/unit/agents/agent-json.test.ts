import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ndjsonLines, parseObject } from '../../../src/agents/agent-json.ts';

const parse = (text: string) => parseObject(new TextEncoder().encode(text), 'the response');

describe('JSON from an agent', () => {
  test('a JSON object is parsed to the value that was sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
        (object) => {
          const text = JSON.stringify(object);
          fc.pre(!/\\u0000|\\ud[89a-f]/.test(text));
          expect(parse(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('a parsed object has no characters that Postgres cannot store', () => {
    const unit = fc.constantFrom('\\u0000', '\\ud83d', '\\udc7b', '\\\\', '\\"', 'u0000', 'a', '👻');
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (key, value) => {
        const found = JSON.stringify(Object.entries(parse(`{"${key.join('')}":["${value.join('')}"]}`)));
        expect(found.replaceAll('\\\\', '')).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
    );
  });
});

/** The lines found when the bytes arrive in these pieces. */
async function linesOf(pieces: Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  const arriving = (async function* () {
    yield* pieces;
  })();
  for await (const lines of ndjsonLines(arriving)) {
    found.push(...lines.map((line) => Buffer.from(line).toString('utf8')));
  }
  return found;
}

/** Bytes cut at these offsets, which may be unsorted, repeated or out of range. */
function cut(bytes: Uint8Array, offsets: number[]): Uint8Array[] {
  const ends = [...offsets.map((offset) => offset % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const character = fc.constantFrom('a', '"', ' ', '\t', '\u0000', 'é', '€', '👻', '\u2028');
const line = () => fc.string({ unit: character, maxLength: 6 });
const offsets = () => fc.array(fc.nat(), { maxLength: 6 });

describe('NDJSON', () => {
  test('the lines are the same wherever the bytes are cut, even within a character', async () => {
    const lines = fc.array(fc.tuple(line(), fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lines, line(), offsets(), async (ended, open, at) => {
        const bytes = new TextEncoder().encode(ended.map(([text, end]) => text + end).join('') + open);
        const expected = [...ended.map(([text]) => text), open].filter((text) => text !== '');
        expect(await linesOf(cut(bytes, at))).toEqual(expected);
      }),
    );
  });

  test('a line is passed on as soon as its newline has arrived', async () => {
    const arriving = (async function* () {
      yield Buffer.from('one\ntw');
      throw new Error('the second piece was requested too early');
    })();
    const first = await ndjsonLines(arriving).next();
    expect(first.value).toEqual([Buffer.from('one')]);
  });

  test('empty input and empty lines yield no lines', async () => {
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf([Buffer.from('\r\n\n')])).toEqual([]);
  });
});
