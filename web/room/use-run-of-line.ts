import type { ResultOf } from 'gql.tada';
import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { LINE_RUNS } from './operations.ts';

/** The run that a line belongs to; null: there is no such line, it is not known yet, or it is not asked for. */
export function useRunOfLine(roomId: string, seq: number | null): string | null {
  const connection = useConnection();
  const [found, setFound] = useState<{ seq: number; workflowId: string } | null>(null);
  useEffect(() => {
    if (seq === null) return;
    let isCurrent = true;
    const search = async () => {
      let before: string | null = null;
      for (;;) {
        const { room }: ResultOf<typeof LINE_RUNS> = await connection.request(LINE_RUNS, { id: roomId, before });
        const edges = room?.logs.edges ?? [];
        const line = edges.find(({ node }) => node.seq === seq)?.node;
        if (line !== undefined && isCurrent) setFound({ seq, workflowId: line.workflowId });
        const isBefore = seq < (edges[0]?.node.seq ?? 0);
        if (line !== undefined || !isCurrent || !isBefore || room?.logs.pageInfo.hasPreviousPage !== true) return;
        before = room.logs.pageInfo.startCursor;
      }
    };
    search().catch(() => {}); // the latest run is shown then
    return () => {
      isCurrent = false;
    };
  }, [connection, roomId, seq]);
  return found !== null && found.seq === seq ? found.workflowId : null;
}
