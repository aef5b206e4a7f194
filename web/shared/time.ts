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

/** `4 s`, `2 min 05 s`, `1 h 00 min`, for a countdown; never negative. */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor(seconds / 60) % 60)} min`;
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

/** `+12.34 s`, `+6:05.1`, `+1:02:05`; a line may precede the start by a little. */
export function offset(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `+${seconds.toFixed(2)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `+${minutes}:${pad(Math.floor(seconds) % 60)}.${Math.floor(seconds * 10) % 10}`;
  return `+${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(Math.floor(seconds) % 60)}`;
}

/** The time of day to the second: on this computer's clock, unless UTC is wanted. */
export const clockTime = (ms: number, style: TimeStyle): string =>
  style === 'utc' ? `${new Date(ms).toISOString().slice(11, 19)} UTC` : LOCAL_CLOCK.format(ms);

export const utcTime = (iso: string): string => iso.replace('T', ' ').replace('Z', ' UTC');

// Made once, since it takes longer to make a format than to draw a line.
const LOCAL_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const LOCAL_CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });
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
