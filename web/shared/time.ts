/** How times are shown: since something, on this computer's clock, or in UTC. */
export type TimeStyle = 'relative' | 'local' | 'utc';

/** `840 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1_000) return `${Math.round(whole)} ms`;
  const seconds = whole / 1_000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.round(seconds) % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** `4 s`, for a countdown; never negative. */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
};

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** `+12.34 s` after `startMs`; a line may precede the start by a little. */
export const offset = (ms: number): string => `+${(Math.max(0, ms) / 1_000).toFixed(2)} s`;

export const clockTime = (ms: number): string => new Date(ms).toLocaleTimeString(undefined, { hour12: false });

export const utcTime = (iso: string): string => iso.replace('T', ' ').replace('Z', ' UTC');

// Made once, since it takes longer to make a format than to draw a line.
const LOCAL_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const LOCAL_TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** Date and time of day on this computer's clock, to the second. */
export const localTime = (iso: string): string => LOCAL_DATE.format(new Date(iso));

/** The time of a log line: since the start, or the time of day to the millisecond. */
export function lineTime(iso: string, startMs: number, style: TimeStyle): string {
  if (style === 'relative') return offset(Date.parse(iso) - startMs);
  if (style === 'utc') return iso.slice(11);
  return LOCAL_TIME.format(new Date(iso));
}

const pad = (value: number): string => String(value).padStart(2, '0');
