import { expect, test } from 'vitest';
import { localUrl } from '../../../../src/server/http/listen.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4000'],
  ['localhost', 'http://localhost:4000'],
  ['::1', 'http://[::1]:4000'],
  ['0.0.0.0', 'http://localhost:4000'],
  ['::', 'http://localhost:4000'],
])('a server that listens on %s is reached at %s', (host, url) => {
  expect(localUrl(host, 4000)).toBe(url);
});
