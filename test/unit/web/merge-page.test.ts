import { expect, test } from 'vitest';
import { mergePage } from '../../../web/overview/merge-page.ts';

type Item = { id: string; word?: string };
const list = (ids: string, hasMore = true) => ({ items: [...ids].map((id): Item => ({ id })), hasMore });
const idsOf = ({ items }: { items: readonly Item[] }) => items.map(({ id }) => id).join('');

test('new items are put before those that are known, and older ones stay', () => {
  const merged = mergePage(list('654321', false), list('8765'), null);
  expect([idsOf(merged), merged.hasMore]).toEqual(['87654321', false]);
});

test('an item that is missing from a page within its range has left the list', () => {
  expect(idsOf(mergePage(list('654321'), list('643'), null))).toBe('64321');
  expect(idsOf(mergePage(list('654321'), list('3', false), '4'))).toBe('6543');
});

test('a page of older items is added at the end, and shows whether there are more', () => {
  const merged = mergePage(list('654'), list('321', false), '4');
  expect([idsOf(merged), merged.hasMore]).toEqual(['654321', false]);
});

test('the list begins anew when there are more new items than fit into a page', () => {
  const merged = mergePage(list('321', false), list('876'), null);
  expect([idsOf(merged), merged.hasMore]).toEqual(['876', true]);
});

test('an empty first page empties the list', () => {
  expect(mergePage(list('321'), list('', false), null)).toEqual({ items: [], hasMore: false });
});

test('an item that did not change stays the same object, and one that changed is replaced', () => {
  const before = list('21', false);
  const page = { items: [{ id: '2', word: 'done' }, { id: '1' }], hasMore: false };
  const merged = mergePage(before, page, null);
  expect(merged.items[1]).toBe(before.items[1]);
  expect(merged.items[0]).toBe(page.items[0]);
});
