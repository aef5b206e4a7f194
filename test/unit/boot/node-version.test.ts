import { expect, test } from 'vitest';
import { whyTooOld } from '../../../src/boot/node-version.ts';

test.each(['22.12.0', '22.18.0', '24.0.0', '100.1.0'])('the service runs on Node.js %s', (version) => {
  expect(whyTooOld(version)).toBeNull();
});

test.each(['18.20.0', '20.20.2', '22.11.0'])(
  'Node.js %s is refused, and the message names the required version',
  (version) => {
    expect(whyTooOld(version)).toBe(`Node.js 22.12 or later is required; this is ${version}.`);
  },
);
