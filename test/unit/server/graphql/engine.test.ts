import { expect, test } from 'vitest';
import { createDocumentCache } from '../../../../src/server/graphql/engine.ts';

test('the cache keeps the most recently used documents, up to its limit', () => {
  const cache = createDocumentCache<{ n: number }>(2);
  cache.set('a', { n: 1 });
  cache.set('b', { n: 2 });
  expect(cache.get('a')).toEqual({ n: 1 });
  cache.set('c', { n: 3 });
  expect(['a', 'b', 'c'].map((text) => cache.get(text)?.n)).toEqual([1, undefined, 3]);
});

test('the cache does not keep a long document', () => {
  const cache = createDocumentCache();
  cache.set('x'.repeat(8_192), {});
  expect(cache.has('x'.repeat(8_192))).toBe(true);
  cache.set('x'.repeat(8_193), {});
  expect(cache.get('x'.repeat(8_193))).toBeUndefined();
});

test('the cache keeps an empty document', () => {
  const cache = createDocumentCache();
  cache.set('', {});
  expect(cache.has('')).toBe(true);
});
