import { createStore, useStore } from './store.ts';
import { ago, localTime, type TimeStyle, utcTime } from './time.ts';

const KEY = 'hauntedai-times';
const STYLES: readonly TimeStyle[] = ['relative', 'local', 'utc'];
const style = createStore<TimeStyle>(STYLES.find((name) => name === localStorage.getItem(KEY)) ?? 'relative');

export const useTimeStyle = (): TimeStyle => useStore(style);

/** Kept for the next visit. */
function setTimeStyle(next: TimeStyle): void {
  localStorage.setItem(KEY, next);
  style.set(next);
}

/** A moment as the viewer wants to see times. The other forms are in its tooltip. */
export function Moment({ iso, nowMs, className }: { iso: string; nowMs: number; className?: string }) {
  const relative = ago(nowMs - Date.parse(iso));
  const chosen = { relative, local: localTime(iso), utc: utcTime(iso).replace(/\.\d+/, '') }[useTimeStyle()];
  return (
    <time className={className} dateTime={iso} title={`${relative} · ${localTime(iso)} · ${utcTime(iso)}`}>
      {chosen}
    </time>
  );
}

export function TimeStyleSelect() {
  return (
    <select
      className="quiet"
      aria-label="Times"
      title="How times are shown"
      value={useTimeStyle()}
      onChange={({ target }) => setTimeStyle(STYLES.find((name) => name === target.value) ?? 'relative')}
    >
      <option value="relative">Relative</option>
      <option value="local">Local time</option>
      <option value="utc">UTC</option>
    </select>
  );
}
