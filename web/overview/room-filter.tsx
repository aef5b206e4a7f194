import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/route.ts';
import { isTyping } from '../shared/keys.ts';
import { roomWord } from '../shared/words.ts';
import { filterHref, type RoomFilterState, STATUSES } from './filter-address.ts';

export function RoomFilter({ filter }: { filter: RoomFilterState }) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      search.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const find = (text: string) => navigate(filterHref({ ...filter, text }), { replace: true });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') find('');
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('.rooms a')?.focus();
    }
  };
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
        ref={search}
        type="search"
        aria-label="Find a room"
        placeholder="Find ( / )"
        value={filter.text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => find(target.value)}
      />
    </div>
  );
}
