import { useEffect, useState } from 'react';
import { type Connection, createConnection } from '../api/connection.ts';
import { apiUrl, ROOT } from '../navigation/addresses.ts';
import { compareClocks } from '../shared/server-clock.ts';

/** The connection with a token, and why the server refuses it. @param isOff no connection is wanted */
export function useConnectionWith(token: string | null, isOff: boolean) {
  const [current, setCurrent] = useState<{ connection: Connection | null; refusal: string | null }>({
    connection: null,
    refusal: null,
  });
  useEffect(() => {
    if (isOff) return setCurrent({ connection: null, refusal: null });
    const connection = createConnection(apiUrl(), token);
    setCurrent({ connection, refusal: null });
    const stop = connection.state.subscribe(() => {
      const state = connection.state.get();
      if (state.kind === 'open') void compareClocks(ROOT);
      if (state.kind === 'refused') setCurrent({ connection, refusal: state.reason || 'Forbidden' });
    });
    return () => {
      stop();
      connection.dispose();
    };
  }, [token, isOff]);
  return current;
}
