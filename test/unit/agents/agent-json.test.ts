import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseObject } from '../../../src/agents/agent-json.ts';
import { excerpt } from '../../../src/agents/failures.ts';
import { retryAfterMs } from '../../../src/agents/http-status-failure.ts';

const character = fc.constantFrom('a', ' ', '\n', '\u0007', '\u202e', '\u200f', '\ud83d', '👻', 'é');
const parse = (text: string) => parseObject(new TextEncoder().encode(text), 'the answer');

describe('JSON from an agent', () => {
  test('any object comes out as it went in', () => {
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

  test('nothing comes out that Postgres cannot keep', () => {
    const unit = fc.constantFrom('\\u0000', '\\ud83d', '\\udc7b', '\\\\', '\\"', 'u0000', 'a', '👻');
    fc.assert(
      fc.property(fc.array(unit), fc.array(unit), (key, value) => {
        const found = JSON.stringify(Object.entries(parse(`{"${key.join('')}":["${value.join('')}"]}`)));
        expect(found.replaceAll('\\\\', '')).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
    );
  });
});

describe('an excerpt', () => {
  test('is one line, well formed, and no longer than allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const found = excerpt(text, length);
        expect([...found].length).toBeLessThanOrEqual(length);
        expect(found).not.toMatch(/[\p{Cc}\u200f\u202a-\u202e]|^\s|\s$/u);
        expect(found.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('1994-11-06T08:49:30Z');

  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads the HTTP date %s',
    (date) => {
      expect(retryAfterMs(date, nowMs)).toBe(7_000);
    },
  );

  test('stays a number that can be kept, however many digits come', () => {
    expect(retryAfterMs('9'.repeat(400), nowMs)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
