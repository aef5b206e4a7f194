import { overviewHref } from '../navigation/addresses.ts';
import type { RoomStatus } from './operations.ts';

export type RoomFilterState = { status: RoomStatus | null; text: string };

export const STATUSES: readonly RoomStatus[] = ['RUNNING', 'DONE', 'ERROR', 'IDLE'];

/** The filter is kept in the address, so that a link or a reload shows the same rooms. */
export function parseFilter(href: string): RoomFilterState {
  const { searchParams } = new URL(href);
  const status = STATUSES.find((name) => name === searchParams.get('status')?.toUpperCase()) ?? null;
  return { status, text: searchParams.get('q') ?? '' };
}

export function filterHref({ status, text }: RoomFilterState): string {
  const url = new URL(overviewHref());
  if (status !== null) url.searchParams.set('status', status);
  if (text !== '') url.searchParams.set('q', text);
  return url.href;
}
