import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { createStore, useStore } from '../shared/store.ts';
import { type LogSnapshot, openLog } from './log-store.ts';

const EMPTY = createStore<LogSnapshot>({ lines: [], missing: 0, error: null });

/** @param workflowId see openLog */
export function useLog(roomId: string, workflowId: string | null): LogSnapshot {
  const connection = useConnection();
  const [log, setLog] = useState(EMPTY);
  useEffect(() => {
    const opened = openLog(connection, roomId, workflowId);
    setLog(opened);
    return () => {
      opened.close();
      setLog(EMPTY);
    };
  }, [connection, roomId, workflowId]);
  return useStore(log);
}
