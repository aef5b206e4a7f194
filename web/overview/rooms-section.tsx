import { useConnection } from '../api/connection-context.ts';
import { useStore } from '../shared/store.ts';
import { clockTime } from '../shared/time.ts';
import { useTimeStyle } from '../shared/time-style.tsx';
import { count } from '../shared/words.ts';
import type { RoomFilterState } from './filter-address.ts';
import type { RoomSummary } from './operations.ts';
import { RoomFilter } from './room-filter.tsx';
import { RoomList } from './room-list.tsx';
import { matches } from './room-words.ts';
import { EXAMPLES } from './start-form.tsx';
import type { Rooms, useOverview } from './use-overview.ts';

type Props = {
  filter: RoomFilterState;
  overview: ReturnType<typeof useOverview>;
  isNew: boolean;
  start(idea: string): void;
};

export function RoomsSection({ filter, overview, isNew, start }: Props) {
  const { rooms, error, more, showMore } = overview;
  return (
    <section className="rooms-section" aria-labelledby="rooms-title">
      <h2 id="rooms-title">Rooms</h2>
      {!isNew && <RoomFilter filter={filter} />}
      <Staleness error={error} isRead={rooms !== null} />
      {isNew && <NoRooms start={start} />}
      {rooms !== null && !isNew && (
        <Found found={rooms.items.filter((room) => matches(room, filter.text))} filter={filter} rooms={rooms} />
      )}
      {rooms?.hasMore && (
        <div className="more">
          <button type="button" disabled={more.isReading} onClick={showMore}>
            {more.isReading ? 'Reading …' : filter.text === '' ? 'Show older rooms' : 'Search older rooms'}
          </button>
          {more.problem !== null && <p role="alert">{`The older rooms cannot be read: ${more.problem}`}</p>}
        </div>
      )}
    </section>
  );
}

type FoundProps = { found: readonly RoomSummary[]; filter: RoomFilterState; rooms: Rooms };

function Found({ found, filter, rooms: { items, hasMore, status } }: FoundProps) {
  const among = hasMore ? ` among the newest ${count(items.length, 'room')}` : '';
  const counted = hasMore ? `These are the newest ${count(items.length, 'room')}.` : '';
  return (
    <>
      {found.length > 0 && <RoomList rooms={found} />}
      {items.length === 0 && status === filter.status && <p className="muted empty">No room has this status.</p>}
      <p className="muted found" role="status">
        {filter.text === '' ? counted : `${found.length === 0 ? 'None' : found.length} found${among}.`}
      </p>
    </>
  );
}

function NoRooms({ start }: { start(idea: string): void }) {
  return (
    <div className="panel empty-rooms">
      <p>You have no rooms yet. Each idea gets a room of its own, which keeps its log and its results.</p>
      <button type="button" className="primary" onClick={() => start(EXAMPLES[0])}>
        {`Try “${EXAMPLES[0]}”`}
      </button>
    </div>
  );
}

/** What is shown may be out of date: since when, or why. */
function Staleness({ error, isRead }: { error: Error | null; isRead: boolean }) {
  const state = useStore(useConnection().state);
  const times = useTimeStyle();
  if (state.kind === 'offline') {
    const what = isRead ? 'What you see is as it was then.' : 'Your rooms appear when the connection is back.';
    return <p className="stale" role="status">{`Offline since ${clockTime(state.sinceMs, times)}. ${what}`}</p>;
  }
  if (error !== null) return <p className="stale" role="alert">{`The rooms cannot be read: ${error.message}`}</p>;
  return isRead ? null : <p className="muted">Reading your rooms …</p>;
}
