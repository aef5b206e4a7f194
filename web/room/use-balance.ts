import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { BALANCE } from './operations.ts';

/** The viewer's tokens, read once they are wanted; null: not known. */
export function useBalance(isWanted: boolean): number | null {
  const connection = useConnection();
  const [balance, setBalance] = useState<number | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    connection.request(BALANCE, {}).then(
      ({ viewer }) => isCurrent && setBalance(viewer.tokenBalance),
      () => {}, // only a figure is missing then
    );
    return () => {
      isCurrent = false;
    };
  }, [connection, isWanted]);
  return isWanted ? balance : null;
}
