import { expect, test } from 'vitest';
import { mergePage } from '../../../web/overview/merge-page.ts';

type Item = { id: string; word?: string };
const list = (ids: string, hasMore = true) => ({ items: [...ids].map((id): Item => ({ id })), hasMore });
const idsOf = ({ items }: { items: readonly Item[] }) => items.map(({ id }) => id).join('');

test('new items are put before those that are known, and older ones stay', () => {
  const merged = mergePage(list('fedcba', false), list('hgfe'), null);
  expect([idsOf(merged), merged.hasMore]).toEqual(['hgfedcba', false]);
});

test('an item that is missing from a page within its range has left the list', () => {
  expect(idsOf(mergePage(list('fedcba'), list('fdc'), null))).toBe('fdcba');
  expect(idsOf(mergePage(list('fedcba'), list('c', false), 'd'))).toBe('fedc');
});

test('a page of older items is added at the end, and shows whether there are more', () => {
  const merged = mergePage(list('fed'), list('cba', false), 'd');
  expect([idsOf(merged), merged.hasMore]).toEqual(['fedcba', false]);
});

test('the list begins anew when there are more new items than fit into a page', () => {
  const merged = mergePage(list('cba', false), list('hgf'), null);
  expect([idsOf(merged), merged.hasMore]).toEqual(['hgf', true]);
});

test('an empty first page empties the list', () => {
  expect(mergePage(list('cba'), list('', false), null)).toEqual({ items: [], hasMore: false });
});

test('an item that did not change stays the same object, and one that changed is replaced', () => {
  const before = list('ba', false);
  const page = { items: [{ id: 'b', word: 'done' }, { id: 'a' }], hasMore: false };
  const merged = mergePage(before, page, null);
  expect(merged.items[1]).toBe(before.items[1]);
  expect(merged.items[0]).toBe(page.items[0]);
});
