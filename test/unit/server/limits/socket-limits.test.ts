import { expect, test } from 'vitest';
import { acquireStream, createSocketLimits, isPermit } from '../../../../src/server/limits/socket-limits.ts';

test('a viewer gets permits up to the limit, and a refusal that names it', () => {
  const { sockets } = createSocketLimits(2);
  expect(isPermit(sockets.ofViewer('ada'))).toBe(true);
  expect(isPermit(sockets.ofViewer('ada'))).toBe(true);
  expect(sockets.ofViewer('ada')).toEqual({
    refusal: 'At most 2 WebSockets per viewer. Run several operations over one connection.',
  });
  expect(isPermit(sockets.ofViewer('bob'))).toBe(true);
});

test('a permit that is released twice counts as released once', () => {
  const { sockets } = createSocketLimits(1);
  const permit = sockets.ofViewer('ada');
  if (!isPermit(permit)) return expect.fail('no permit');
  permit();
  const next = sockets.ofViewer('ada');
  permit();
  expect(isPermit(next)).toBe(true);
  expect(isPermit(sockets.ofViewer('ada'))).toBe(false);
});

test('a stream that is refused holds neither a permit of its viewer nor one of its address', () => {
  const limits = createSocketLimits(1);
  const acquired = Array.from({ length: 10 }, (_, n) => acquireStream(limits, `viewer-${n}`, '192.0.2.1'));
  expect(() => acquireStream(limits, 'ada', '192.0.2.1')).toThrow(
    'At most 10 event streams and downloads per address.',
  );
  const ofAda = acquireStream(limits, 'ada', '192.0.2.2');
  expect(() => acquireStream(limits, 'ada', '192.0.2.2')).toThrow('At most 1 event streams and downloads per viewer.');
  for (const release of [...acquired, ofAda]) release();
  for (let n = 0; n < 10; n += 1) acquireStream(limits, `viewer-${n}`, '192.0.2.2');
});

test('without a limit every permit is granted', () => {
  const { connections } = createSocketLimits(null);
  for (let n = 0; n < 1_000; n += 1) expect(isPermit(connections.ofAddress('192.0.2.1'))).toBe(true);
});
