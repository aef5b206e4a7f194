import { useCallback, useRef, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { usePolling } from '../shared/use-polling.ts';
import { isFinal } from '../shared/words.ts';
import { type Loaded, mergePage } from './merge-page.ts';
import {
  type Now,
  OLDER_ROOMS,
  OVERVIEW,
  type RoomConnection,
  type RoomStatus,
  type RoomSummary,
} from './operations.ts';

const PAGE_SIZE = 50;

/** The rooms of a status. After another one is chosen they are shown until its rooms are read. */
export type Rooms = Loaded<RoomSummary> & { status: RoomStatus | null };

/**
 * The viewer's rooms as far as they are loaded, and what is going on now. Each refresh reads the newest page, and of the
 * older pages one that has an unfinished room: its cost does not grow with how far the list is loaded.
 */
export function useOverview(status: RoomStatus | null) {
  const connection = useConnection();
  const [rooms, setRooms] = useState<Rooms | null>(null);
  const [now, setNow] = useState<Now | null>(null);
  const [more, setMore] = useState<{ isReading: boolean; problem: string | null }>({ isReading: false, problem: null });
  /** What `rooms` will be after the next rendering. */
  const loaded = useRef<Rooms>(nothingOf(status));

  const merge = useCallback((page: RoomConnection, afterId: string | null) => {
    const merged = { ...mergePage(loaded.current, loadedOf(page), afterId), status: loaded.current.status };
    loaded.current = merged;
    setRooms((current) => (isSame(current, merged) ? current : merged));
  }, []);

  const readOlder = useCallback(
    async ({ id, cursor }: RoomSummary, isCurrent: () => boolean) => {
      const { viewer } = await connection.request(OLDER_ROOMS, { first: PAGE_SIZE, after: cursor, status });
      if (isCurrent()) merge(viewer.rooms, id);
    },
    [connection, status, merge],
  );

  /** Up to where the unfinished rooms on older pages have been refreshed. */
  const refreshedTo = useRef<string | null>(null);
  const refresh = useCallback(
    async (isCurrent: () => boolean) => {
      const { viewer, agents } = await connection.request(OVERVIEW, { first: PAGE_SIZE, status });
      if (!isCurrent()) return;
      if (loaded.current.status !== status) loaded.current = nothingOf(status);
      setNow((current) => {
        const next = { ...viewer.activity, balance: viewer.tokenBalance, agents };
        return JSON.stringify(current) === JSON.stringify(next) ? current : next;
      });
      merge(viewer.rooms, null);
      const before = beforeUnfinished(loaded.current.items, refreshedTo.current);
      if (before === null) return;
      await readOlder(before, isCurrent);
      const { items } = loaded.current;
      refreshedTo.current = items[items.findIndex(({ id }) => id === before.id) + PAGE_SIZE]?.id ?? null;
    },
    [connection, status, merge, readOlder],
  );
  const error = usePolling(refresh, connection);

  const showMore = async () => {
    const last = loaded.current.items.at(-1);
    if (last === undefined) return;
    setMore({ isReading: true, problem: null });
    try {
      await readOlder(last, () => loaded.current.status === status);
      setMore({ isReading: false, problem: null });
    } catch (reason) {
      setMore({ isReading: false, problem: reason instanceof Error ? reason.message : String(reason) });
    }
  };

  return { rooms, now, error, more, showMore: () => void showMore() };
}

const nothingOf = (status: RoomStatus | null): Rooms => ({ status, items: [], hasMore: false });

const loadedOf = ({ edges, pageInfo }: RoomConnection): Loaded<RoomSummary> => ({
  items: edges.map(({ node, cursor }) => ({ ...node, cursor })),
  hasMore: pageInfo.hasNextPage,
});

const isSame = (a: Rooms | null, b: Rooms): boolean =>
  a?.status === b.status &&
  a.hasMore === b.hasMore &&
  a.items.length === b.items.length &&
  a.items.every((item, n) => item === b.items[n]);

/** The room before the first unfinished one that is on an older page: the first after `afterId`, else the first of all. */
function beforeUnfinished(rooms: readonly RoomSummary[], afterId: string | null): RoomSummary | null {
  const found = rooms.flatMap((room, n) => {
    const run = rooms[n + 1]?.latestWorkflow;
    return n + 1 >= PAGE_SIZE && run !== null && run !== undefined && !isFinal(run.status) ? [room] : [];
  });
  return found.find(({ id }) => afterId !== null && id < afterId) ?? found[0] ?? null;
}
