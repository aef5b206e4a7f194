import { expect, test } from 'vitest';
import { createDocumentCache } from '../../../../src/server/limits/document-cache.ts';

test('the documents used last are kept, up to their number', () => {
  const cache = createDocumentCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect(['a', 'b', 'c'].map(cache.get)).toEqual([1, undefined, 3]);
});

test('a long document is not kept', () => {
  const cache = createDocumentCache<number>();
  cache.set('x'.repeat(8_193), 1);
  expect(cache.get('x'.repeat(8_193))).toBeUndefined();
});
