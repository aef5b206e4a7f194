import { useConnection } from '../api/connection-context.ts';
import { useStore } from '../shared/store.ts';
import { clockTime } from '../shared/time.ts';
import { count } from '../shared/words.ts';

/** @param missing lines that are written and not received yet */
export function ConnectionBadge({ missing }: { missing: number }) {
  const state = useStore(useConnection().state);
  const { kind, text } = (() => {
    switch (state.kind) {
      case 'connecting':
        return { kind: 'connecting', text: 'Connecting …' };
      case 'offline':
        return { kind: 'offline', text: `Offline since ${clockTime(state.sinceMs)}, reconnecting` };
      case 'refused':
        return { kind: 'offline', text: 'Not signed in' };
      case 'open':
        return missing > 0
          ? { kind: 'catching-up', text: `Catching up: ${count(missing, 'line')}` }
          : { kind: 'live', text: 'Live' };
    }
  })();
  return (
    <span className="connection" role="status" data-testid="connection" data-state={kind}>
      {text}
    </span>
  );
}
