import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt } from '../../../src/agents/failures.ts';
import { retryAfterMs } from '../../../src/agents/reported-failures.ts';

const character = fc.constantFrom('a', ' ', '\n', '\u0007', '\u202e', '\u200f', '\ud83d', '👻', 'é');

describe('an excerpt', () => {
  test('an excerpt is one well-formed line that is no longer than allowed', () => {
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
    'the HTTP date %s is read as a wait from now',
    (date) => {
      expect(retryAfterMs(date, nowMs)).toBe(7_000);
    },
  );

  test('a number of any length is read as a safe integer', () => {
    expect(retryAfterMs('9'.repeat(400), nowMs)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
