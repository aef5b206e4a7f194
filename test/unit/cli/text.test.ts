import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, duration, printable, truncate, wrap } from '../../../src/cli/text.ts';

describe('printable text', () => {
  test('printable text cannot move the cursor or change colors', () => {
    expect(printable('\u001b[2J\u001b]0;title\u0007\u009b31m')).toBe('␛[2J␛]0;title␇\ufffd31m');
  });

  test('printable text stays on one line', () => {
    expect(printable('one\r\ntwo\nthree\tfour\u2028five\u0085six')).toBe('one two three four five six');
  });

  test('printable text cannot change the writing direction', () => {
    expect(printable('\u202eabc\u2066')).toBe('abc');
  });

  test('printable text keeps joined emoji and words of any script', () => {
    const text = '👩‍🚀 café 灯台 маяк';
    expect(printable(text)).toBe(text);
  });

  test('printable text never contains a control character', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff)), (codes) => {
        const text = printable(String.fromCodePoint(...codes));
        expect(text).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('display width', () => {
  test.each([
    ['abc', 3],
    ['灯台', 4],
    ['cafe\u0301', 4],
    ['🚀', 2],
    ['👩‍🚀', 2],
    ['❤️', 2],
    ['✔ ⠋ ↻ …', 7],
    ['', 0],
  ])('the width of %j is %i cells', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['灯台守', 5, '灯台…'],
    ['灯台守', 4, '灯…'],
    ['👩‍🚀👩‍🚀', 3, '👩‍🚀…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['abc', -3, ''],
  ])('%j cut to %i cells is %j', (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
  });
});

test('text is wrapped between words, and a longer word has a line of its own', () => {
  expect(wrap('a bb ccc dddddddd e', 5)).toEqual(['a bb', 'ccc', 'dddddddd', 'e']);
  expect(wrap('灯台 灯台', 5)).toEqual(['灯台', '灯台']);
});

test.each([
  [-5, '0.0 s'],
  [449, '0.4 s'],
  [59_999, '59.9 s'],
  [60_000, '1 min 00 s'],
  [125_900, '2 min 05 s'],
])('a duration of %i ms is formatted as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
