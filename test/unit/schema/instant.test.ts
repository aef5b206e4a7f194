import { describe, expect, test } from 'vitest';
import { instantArg, parseInstant } from '../../../src/schema/instant.ts';

describe('a DateTime argument', () => {
  test.each(['2026-11-22T14:34:00.000Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    '%s is a valid instant',
    (text) => {
      expect(parseInstant(text)).toEqual(new Date(text));
    },
  );

  test.each([
    ['without milliseconds', '2026-11-22T14:34:00Z'],
    ['in another time zone', '2026-11-22T14:34:00.000+01:00'],
    ['without a time zone', '2026-11-22T14:34:00.000'],
    ['without a time', '2026-11-22'],
    ['on a day that does not exist', '2026-02-30T00:00:00.000Z'],
    ['at a second that does not exist', '2026-11-22T14:34:60.000Z'],
    ['in the year 0, which Postgres does not have', '0000-01-01T00:00:00.000Z'],
    ['beyond the year 9999', '+010000-01-01T00:00:00.000Z'],
    ['in words', 'yesterday'],
    ['that is empty', ''],
    ['that is a number', 1_795_358_040_000],
    ['that is an object', {}],
  ])('an instant %s is refused with the name of its argument', (_which, written) => {
    expect(() => instantArg('since', parseInstant(written))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field: 'since' } }),
    );
  });

  test('a null instant counts as absent', () => {
    expect(instantArg('since', null)).toBeUndefined();
  });
});
