import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactly, toNumber } from '../../../../src/orchestrator/domain/exact-json.ts';

/** The number after it was read and written again. */
const rewritten = (number: string) => JSON.stringify(parseExactly(`{"a":[1,${number}]}`)).slice('{"a":[1,'.length, -2);

describe('numbers in JSON', () => {
  test.each([
    '12345678901234567890',
    '-9007199254740993',
    '0.1000000000000000055511151231257827',
    '0.10000000000000001',
    '1e400',
    '-1E+400',
    '1e-400',
    '-0',
    '-0.0',
    '-0e7',
    `1${'0'.repeat(400)}`,
    `0.${'123456789'.repeat(200)}`,
  ])('%s, which JavaScript would write as another number, keeps its digits', (number) => {
    expect(rewritten(number)).toBe(number);
  });

  test.each([
    ['1.10', '1.1'],
    ['1.0', '1'],
    ['1e2', '100'],
    ['12.5E-1', '1.25'],
    ['0e99', '0'],
    ['1000000000000000000000', '1e+21'],
    ['9007199254740992.000', '9007199254740992'],
    ['5e-324', '5e-324'],
    ['1.7976931348623157e+308', '1.7976931348623157e+308'],
    ['0.30000000000000004', '0.30000000000000004'],
  ])('%s, which JavaScript can hold, is written as the same number, %s', (number, written) => {
    expect(rewritten(number)).toBe(written);
    expect(parseExactly(number)).toBe(Number(number));
  });

  test('a number that JavaScript wrote is read as that number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseExactly(JSON.stringify([number]))).toEqual([Number(JSON.stringify(number))]);
      }),
    );
  });

  test('an integer of any length keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
        const [digits = '', power = '0'] = rewritten(String(integer)).split('e+');
        const [whole = '', fraction = ''] = digits.split('.');
        expect(BigInt(whole + fraction.padEnd(Number(power), '0'))).toBe(integer);
      }),
    );
  });

  test('digits within a string and all other JSON are read as by JSON.parse', () => {
    const unit = fc.constantFrom('1234567890123456', ': 1e400', ',-0', '"', '\\', ' ');
    const json = fc.array(
      fc.dictionary(fc.string({ unit }), fc.oneof(fc.string({ unit }), fc.boolean(), fc.integer())),
    );
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify({ value });
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('a number with millions of digits is read in linear time', () => {
    const number = `0.${'1'.padEnd(2_000_000, '0')}1`;
    expect(rewritten(number)).toBe(number);
  });

  test('a field named __proto__ is kept as a field', () => {
    const text = '{"__proto__":{"a":12345678901234567890}}';
    expect(JSON.stringify(parseExactly(text))).toBe(text);
  });
});

test.each([
  ['-0.0', -0],
  ['0.10000000000000001', 0.1],
  ['-1e-400', JSON.rawJSON('-1e-400')],
  ['12345678901234567890', JSON.rawJSON('12345678901234567890')],
  ['1e400', JSON.rawJSON('1e400')],
])('for a program, the raw number %s is %j', (digits, expected) => {
  expect(toNumber(JSON.rawJSON(digits))).toEqual(expected);
});
