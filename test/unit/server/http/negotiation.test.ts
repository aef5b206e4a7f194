import { expect, test } from 'vitest';
import { acceptedEncodings } from '../../../../src/server/http/negotiation.ts';

test.each([
  [undefined, []],
  ['', []],
  ['gzip, deflate, br', ['gzip', 'deflate', 'br']],
  ['GZIP;q=0.5,br;q=1.0', ['gzip', 'br']],
  ['br;q=0, gzip', ['gzip']],
  ['br; q=0.000, gzip; q=0.001', ['gzip']],
])('Accept-Encoding %j accepts %j', (header, names) => {
  expect([...acceptedEncodings(header)]).toEqual(names);
});
