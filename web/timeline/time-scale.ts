import { scaleLinear } from 'd3-scale';
import { utcTickInterval } from 'd3-time';

export type Span = { startMs: number; endMs: number };

/** Where a moment is drawn on the timeline, in percent of its width. */
export type TimeScale = {
  span: Span;
  percent(ms: number): number;
  /** The moment drawn at a position. */
  momentAt(percent: number): number;
  ticks: readonly { offsetMs: number; percent: number }[];
  /** Idle time that is drawn shorter than it was. */
  gaps: readonly Span[];
};

/** Idle time is collapsed when it lasts longer than this, and longer than all the work. */
const SHORTEST_GAP_MS = 20_000;
const GAP_PERCENT = 6;
const MOST_GAPS_PERCENT = 40;
/** Half the width of a gap's label. */
const LABEL_PERCENT = 9;
const TICKS = 5;
const SHORTEST_TICK_PERCENT = 14;

/** @param busy when something ran, in any order */
export function createTimeScale(span: Span, busy: readonly Span[]): TimeScale {
  const idle = idleTimes(span, busy);
  const busyMs = lengthOf(span) - idle.reduce((sum, gap) => sum + lengthOf(gap), 0);
  const gaps = busyMs === 0 ? [] : idle.filter((gap) => lengthOf(gap) > Math.max(SHORTEST_GAP_MS, busyMs));
  const gapPercent = Math.min(GAP_PERCENT, MOST_GAPS_PERCENT / Math.max(1, gaps.length));
  const drawn = segmentsBetween(span, gaps);
  const drawnMs = Math.max(
    1,
    drawn.reduce((sum, segment) => sum + lengthOf(segment), 0),
  );

  const domain = [span.startMs];
  const range = [0];
  const extend = (endMs: number, percent: number) => {
    domain.push(endMs);
    range.push((range.at(-1) ?? 0) + percent);
  };
  for (const [index, segment] of drawn.entries()) {
    extend(segment.endMs, ((100 - gapPercent * gaps.length) * lengthOf(segment)) / drawnMs);
    const gap = gaps[index];
    if (gap !== undefined) extend(gap.endMs, gapPercent);
  }
  const scale = scaleLinear(domain, range).clamp(true);
  const isUnderLabel = (percent: number) =>
    gaps.some(({ startMs, endMs }) => Math.abs(percent - (scale(startMs) + scale(endMs)) / 2) < LABEL_PERCENT);
  return {
    span,
    percent: scale,
    momentAt: (percent) => scale.invert(percent),
    ticks: ticksOf(span, drawn, drawnMs, scale).filter(({ percent }) => !isUnderLabel(percent)),
    gaps,
  };
}

/** Round distances from the start, far enough apart to be read. */
function ticksOf(span: Span, drawn: readonly Span[], drawnMs: number, percent: (ms: number) => number) {
  const interval = utcTickInterval(new Date(0), new Date(drawnMs), TICKS);
  const candidates = drawn.flatMap(({ startMs, endMs }) =>
    (interval?.range(new Date(startMs - span.startMs), new Date(endMs - span.startMs)) ?? []).map(Number),
  );
  const ticks: { offsetMs: number; percent: number }[] = [];
  for (const offsetMs of [0, ...candidates]) {
    const tick = { offsetMs, percent: percent(span.startMs + offsetMs) };
    const previous = ticks.at(-1);
    if (previous === undefined || tick.percent - previous.percent >= SHORTEST_TICK_PERCENT) ticks.push(tick);
  }
  return ticks;
}

function idleTimes(span: Span, busy: readonly Span[]): Span[] {
  const idle: Span[] = [];
  let freeMs = span.startMs;
  for (const { startMs, endMs } of busy.toSorted((a, b) => a.startMs - b.startMs)) {
    if (startMs > freeMs) idle.push({ startMs: freeMs, endMs: Math.min(startMs, span.endMs) });
    freeMs = Math.max(freeMs, endMs);
  }
  if (freeMs < span.endMs) idle.push({ startMs: freeMs, endMs: span.endMs });
  return idle;
}

/** What is left of a span without its gaps: always one more than there are gaps, some of them perhaps empty. */
function segmentsBetween(span: Span, gaps: readonly Span[]): Span[] {
  const starts = [span.startMs, ...gaps.map(({ endMs }) => endMs)];
  const ends = [...gaps.map(({ startMs }) => startMs), span.endMs];
  return starts.map((startMs, index) => ({ startMs, endMs: ends[index] ?? startMs }));
}

const lengthOf = ({ startMs, endMs }: Span): number => endMs - startMs;
