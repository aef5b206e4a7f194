import { useEffect, useState } from 'react';
import { isTyping } from '../shared/keys.ts';
import { useNow } from '../shared/use-now.ts';
import { count } from '../shared/words.ts';
import type { RoomSummary } from './operations.ts';
import { parseFilter, RoomFilter } from './room-filter.tsx';
import { RoomList } from './room-list.tsx';
import { EXAMPLES, StartForm, useStart } from './start-form.tsx';
import { type Rooms, useRooms } from './use-rooms.ts';

const FIRST = 30;
const MOST = 100;

export function OverviewPage({ href }: { href: string }) {
  const filter = parseFilter(href);
  const [first, setFirst] = useState(FIRST);
  const { rooms, error } = useRooms(first, filter.status);
  const starting = useStart();
  const nowMs = useNow(rooms?.rooms.some(({ status }) => status === 'RUNNING') ?? false);
  useOverviewKeys();
  useEffect(() => {
    document.title = 'HauntedAI';
  }, []);
  return (
    <main className="overview">
      <section className="hero">
        <h1>Type an idea. Watch it become a page.</h1>
        <StartForm {...starting} />
      </section>
      <section aria-labelledby="rooms-title">
        <div className="panel-head">
          <h2 id="rooms-title">Rooms</h2>
          {rooms !== null && <Now rooms={rooms} nowMs={nowMs} />}
        </div>
        <RoomFilter filter={filter} />
        {error !== null && <p role="alert">{`The rooms cannot be read: ${error.message}`}</p>}
        {rooms === null ? (
          error === null && <p className="muted">Reading your rooms …</p>
        ) : (
          <FoundRooms rooms={rooms} filter={filter} nowMs={nowMs} start={starting.start} />
        )}
        {rooms?.hasMore &&
          (first < MOST ? (
            <button type="button" onClick={() => setFirst(MOST)}>
              Show more
            </button>
          ) : (
            <p className="muted">{`These are the newest ${MOST} rooms.`}</p>
          ))}
      </section>
    </main>
  );
}

type FoundProps = {
  rooms: Rooms;
  filter: ReturnType<typeof parseFilter>;
  nowMs: number;
  start(idea: string): Promise<void>;
};

function FoundRooms({ rooms, filter, nowMs, start }: FoundProps) {
  const text = filter.text.trim().toLowerCase();
  const found = rooms.rooms.filter(({ title }) => (title ?? '').toLowerCase().includes(text));
  if (found.length > 0) return <RoomList rooms={found} nowMs={nowMs} />;
  if (text !== '' || filter.status !== null) return <p className="muted empty">No room matches the filter.</p>;
  return (
    <div className="panel empty-rooms">
      <p>You have no rooms yet. A room is made for each idea, and keeps its log and its results.</p>
      <button type="button" onClick={() => void start(EXAMPLES[0] ?? '')}>
        {`Try “${EXAMPLES[0]}”`}
      </button>
    </div>
  );
}

/** What is going on among the rooms shown. */
function Now({ rooms: { rooms, balance }, nowMs }: { rooms: Rooms; nowMs: number }) {
  const runs = rooms.flatMap(({ latestWorkflow }: RoomSummary) => latestWorkflow ?? []);
  const running = runs.filter(({ status }) => status === 'RUNNING').length;
  const queued = runs.filter(({ status }) => status === 'QUEUED').map(({ createdAt }) => Date.parse(createdAt));
  const oldest = queued.length === 0 ? '' : `, the oldest for ${Math.round((nowMs - Math.min(...queued)) / 1_000)} s`;
  return (
    <p className="muted now">
      {running > 0 && <span>{running} running</span>}
      {queued.length > 0 && <span>{`${queued.length} queued${oldest}`}</span>}
      <span className="reward" title="Your balance">
        {count(balance, 'HHCW', 'HHCW')}
      </span>
    </p>
  );
}

function useOverviewKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === '/') {
        event.preventDefault();
        document.getElementById('room-search')?.focus();
      }
      if (event.key === 'j' || event.key === 'k') moveFocus(event.key === 'j' ? 1 : -1);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function moveFocus(by: 1 | -1): void {
  const rows: (Element | null)[] = [...document.querySelectorAll('.room-row')];
  const current = rows.indexOf(document.activeElement);
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + by))];
  if (next instanceof HTMLElement) next.focus();
}
