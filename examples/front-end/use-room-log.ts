import type { ResultOf } from 'gql.tada';
import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import { useEffect, useState } from 'react';
import { type LogLine, ROOM_LOG } from './operations.ts';

type RoomLog = { lines: LogLine[]; error: unknown };

/** A room's log as it grows: each line once, in order, across reconnects, server restarts and reloads of the page. */
export function useRoomLog(client: Client, roomId: string): RoomLog {
  const [log, setLog] = useState<RoomLog>({ lines: [], error: null });
  useEffect(() => {
    const key = `log of ${roomId}`; // keeps the lines across reloads
    let lines: LogLine[] = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    const variables = { roomId, after: lines.at(-1)?.id ?? null };
    const show = (error: unknown = null) => setLog({ lines, error });
    const unsubscribe = client.subscribe<ResultOf<typeof ROOM_LOG>>(
      { query: print(ROOM_LOG), variables },
      {
        next({ data, errors }) {
          if (!data) return show(errors);
          variables.after = data.agentLogs.id; // sent when the client reconnects
          lines = [...lines, data.agentLogs].slice(-1_000);
          show();
        },
        error: show,
        complete() {},
      },
    );
    const save = () => sessionStorage.setItem(key, JSON.stringify(lines));
    window.addEventListener('pagehide', save);
    show();
    return () => {
      unsubscribe();
      save();
      window.removeEventListener('pagehide', save);
    };
  }, [client, roomId]);
  return log;
}
