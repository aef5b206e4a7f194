import { overviewHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/route.ts';
import { roomWord } from '../shared/words.ts';
import type { RoomStatus } from './use-rooms.ts';

export type RoomFilterState = { status: RoomStatus | null; text: string };

const STATUSES: readonly RoomStatus[] = ['RUNNING', 'DONE', 'ERROR', 'IDLE'];

/** The filter is kept in the address, so that a link or a reload shows the same rooms. */
export function parseFilter(href: string): RoomFilterState {
  const { searchParams } = new URL(href);
  const status = STATUSES.find((name) => name === searchParams.get('status')?.toUpperCase()) ?? null;
  return { status, text: searchParams.get('q') ?? '' };
}

function filterHref({ status, text }: RoomFilterState): string {
  const url = new URL(overviewHref());
  if (status !== null) url.searchParams.set('status', status);
  if (text !== '') url.searchParams.set('q', text);
  return url.href;
}

export function RoomFilter({ filter }: { filter: RoomFilterState }) {
  return (
    <div className="room-filter">
      <nav aria-label="Rooms by status">
        {[null, ...STATUSES].map((status) => (
          <Link
            key={status}
            className="chip"
            href={filterHref({ ...filter, status })}
            aria-current={filter.status === status ? 'true' : undefined}
          >
            {status === null ? 'All' : roomWord(status)}
          </Link>
        ))}
      </nav>
      <input
        type="search"
        aria-label="Find a room"
        placeholder="Find ( / )"
        id="room-search"
        value={filter.text}
        onChange={({ target }) => navigate(filterHref({ ...filter, text: target.value }), { replace: true })}
      />
    </div>
  );
}
