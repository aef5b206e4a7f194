import { useConnection } from '../api/connection-context.ts';
import { useStore } from '../shared/store.ts';
import { clockTime } from '../shared/time.ts';
import { useTimeStyle } from '../shared/time-style.tsx';
import { count } from '../shared/words.ts';

/** @param missing lines that are written and not received yet; null: an unknown number */
export function ConnectionBadge({ missing }: { missing: number | null }) {
  const times = useTimeStyle();
  const state = useStore(useConnection().state);
  const { kind, text } = (() => {
    switch (state.kind) {
      case 'connecting':
        return { kind: 'connecting', text: 'Connecting …' };
      case 'offline':
        return { kind: 'offline', text: `Offline since ${clockTime(state.sinceMs, times)}, reconnecting` };
      case 'refused':
        return { kind: 'offline', text: 'Not signed in' };
      case 'open':
        if (missing === 0) return { kind: 'live', text: 'Live' };
        return {
          kind: 'catching-up',
          text: missing === null ? 'Catching up …' : `Catching up: ${count(missing, 'line')}`,
        };
    }
  })();
  return (
    <span className="connection" role="status" data-testid="connection" data-state={kind}>
      {text}
    </span>
  );
}
