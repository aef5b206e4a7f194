import type { VariablesOf } from 'gql.tada';
import { useCallback, useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { ROOMS, type RoomSummary } from './operations.ts';

export type RoomStatus = NonNullable<VariablesOf<typeof ROOMS>['status']>;
export type Rooms = { rooms: readonly RoomSummary[]; balance: number; hasMore: boolean };

const REFRESH_MS = 1_500;

/** The viewer's newest rooms, read again every other second while the page is looked at. Null: not read yet. */
export function useRooms(first: number, status: RoomStatus | null) {
  const connection = useConnection();
  const [rooms, setRooms] = useState<Rooms | null>(null);
  const [error, setError] = useState<Error | null>(null);

  const read = useCallback(async () => {
    const { viewer } = await connection.request(ROOMS, { first, status });
    const { edges, pageInfo } = viewer.rooms;
    return { rooms: edges.map(({ node }) => node), balance: viewer.tokenBalance, hasMore: pageInfo.hasNextPage };
  }, [connection, first, status]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    const refresh = async () => {
      clearTimeout(timer);
      try {
        const newer = await read();
        if (!isCurrent) return;
        setRooms((current) => (JSON.stringify(current) === JSON.stringify(newer) ? current : newer));
        setError(null);
      } catch (reason) {
        if (isCurrent) setError(reason instanceof Error ? reason : new Error(String(reason)));
      }
      if (isCurrent && document.visibilityState === 'visible') timer = setTimeout(refresh, REFRESH_MS);
    };
    const onVisible = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    void refresh();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [read]);

  return { rooms, error };
}
