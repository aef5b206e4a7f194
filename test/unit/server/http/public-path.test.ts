import { expect, test } from 'vitest';
import { publicPathOf, removePublicPath } from '../../../../src/server/http/public-path.ts';

test.each([
  [null, ''],
  ['https://rooms.example', ''],
  ['https://rooms.example/', ''],
  ['https://rooms.example/haunted', '/haunted'],
  ['https://example.com/apps/haunted/', '/apps/haunted'],
])('the path of PUBLIC_URL %s is %j', (publicUrl, path) => {
  expect(publicPathOf(publicUrl)).toBe(path);
});

test.each([
  ['/haunted', '/haunted/graphql?query=x', '/graphql?query=x'],
  ['/haunted', '/haunted/', '/'],
  ['/haunted', '/graphql', '/graphql'],
  ['/haunted', '/haunted-house/graphql', '/haunted-house/graphql'],
  ['', '/graphql', '/graphql'],
])('under the public path %j, a request to %s is served as %s', (publicPath, url, served) => {
  const request = { url };
  removePublicPath(publicPath, request);
  expect(request.url).toBe(served);
});
