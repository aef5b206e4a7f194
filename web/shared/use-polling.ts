import { useEffect, useState } from 'react';
import type { Connection } from '../api/connection.ts';

const EVERY_MS = 1_500;
const SLOWEST_MS = 30_000;

/**
 * Calls `read` again and again while the page is looked at: at once when it is looked at again and when the connection
 * returns, and less and less often while it fails.
 * @returns why the last call failed; null if it did not
 */
export function usePolling(
  read: (isCurrent: () => boolean) => Promise<void>,
  { state }: Connection,
  everyMs = EVERY_MS,
): Error | null {
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isStopped = false;
    let failures = 0;
    const poll = async () => {
      clearTimeout(timer);
      if (isReading || isStopped || document.visibilityState !== 'visible') return;
      isReading = true;
      try {
        await read(() => !isStopped);
        failures = 0;
        if (!isStopped) setError(null);
      } catch (reason) {
        failures += 1;
        if (!isStopped) setError(reason instanceof Error ? reason : new Error(String(reason)));
      }
      isReading = false;
      if (!isStopped) timer = setTimeout(poll, Math.min(everyMs * 2 ** failures, SLOWEST_MS));
    };
    const pollNow = () => void poll();
    const unsubscribe = state.subscribe(() => {
      if (state.get().kind === 'open') pollNow();
    });
    document.addEventListener('visibilitychange', pollNow);
    pollNow();
    return () => {
      isStopped = true;
      clearTimeout(timer);
      unsubscribe();
      document.removeEventListener('visibilitychange', pollNow);
    };
  }, [read, state, everyMs]);
  return error;
}
