import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { busyTimes, readyTime, segmentsOf, spanOf } from '../../../web/timeline/segments.ts';
import { createTimeScale } from '../../../web/timeline/time-scale.ts';
import { at, attempt, msAt, step, workflow } from './support/workflows.ts';

const SECOND = 1_000;
const scaleOf = (endMs: number, ...busy: [number, number][]) =>
  createTimeScale(
    { startMs: 0, endMs },
    busy.map(([startMs, end]) => ({ startMs, endMs: end })),
  );

describe('the time scale of the timeline', () => {
  test('time without long idle gaps is drawn in proportion', () => {
    const { percent, gaps, ticks } = scaleOf(10 * SECOND, [0, 4_000], [6_000, 10_000]);
    expect([0, 2_500, 5_000, 10_000].map(percent)).toEqual([0, 25, 50, 100]);
    expect(gaps).toEqual([]);
    expect(ticks.map(({ offsetMs }) => offsetMs)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  });

  test('idle time that is longer than all the work is collapsed', () => {
    const hour = 3_600 * SECOND;
    const { percent, gaps, ticks } = scaleOf(hour + 4_000, [0, 2_000], [hour + 2_000, hour + 4_000]);
    expect(gaps).toEqual([{ startMs: 2_000, endMs: hour + 2_000 }]);
    expect(percent(2_000)).toBeCloseTo(47);
    expect(percent(hour + 2_000)).toBeCloseTo(53);
    expect(ticks.every(({ offsetMs }) => offsetMs <= 2_000 || offsetMs >= hour + 2_000)).toBe(true);
  });

  test('a wait of a few seconds is never collapsed, however short the work was', () => {
    expect(scaleOf(9_000, [0, 100], [8_900, 9_000]).gaps).toEqual([]);
  });

  test('every moment has a position, later ones further right, and ticks do not touch', () => {
    const moment = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, moment)), fc.integer({ min: 1, max: 10_000_000 }), (pairs, endMs) => {
        const busy = pairs.map(([a, b]): [number, number] => [Math.min(a, b, endMs), Math.min(Math.max(a, b), endMs)]);
        const { percent, momentAt, ticks } = scaleOf(endMs, ...busy);
        const moments = Array.from({ length: 21 }, (_, index) => (endMs * index) / 20);
        const drawn = moments.map(percent);
        expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
        expect(drawn[0]).toBeCloseTo(0);
        expect(drawn.at(-1)).toBeCloseTo(100);
        for (const ms of moments) expect(percent(momentAt(percent(ms)))).toBeCloseTo(percent(ms), 3);
        for (const [index, tick] of ticks.entries()) {
          expect(tick.percent - (ticks[index - 1]?.percent ?? -100)).toBeGreaterThanOrEqual(13.9);
        }
      }),
    );
  });
});

describe('the segments of a lane', () => {
  test('attempts, back-off and the wait for a worker are told apart', () => {
    const story = step('STORY', 'SUCCEEDED', [attempt(1, 1, 2)]);
    const asset = step('ASSET', 'SUCCEEDED', [attempt(1, 5, 6, 'HTTP 503'), attempt(2, 8, 9)]);
    const run = workflow([story, asset]);
    const kinds = segmentsOf(asset, readyTime(asset, run)).map(({ kind, startMs, endMs }) => [
      kind,
      (startMs - msAt(0)) / SECOND,
      endMs === null ? null : (endMs - msAt(0)) / SECOND,
    ]);
    expect(kinds).toEqual([
      ['waiting', 2, 5],
      ['attempt', 5, 6],
      ['backoff', 6, 8],
      ['attempt', 8, 9],
    ]);
  });

  test('a step that runs beside another waits only for what ended before it began', () => {
    const story = step('STORY', 'SUCCEEDED', [attempt(1, 0, 1)]);
    const left = step('ASSET', 'SUCCEEDED', [attempt(1, 1, 9)]);
    const right = step('CODE', 'SUCCEEDED', [attempt(1, 4, 6)]);
    expect(readyTime(right, workflow([story, left, right]))).toBe(msAt(1));
  });

  test('a step that is not started waits for a worker only when it is next and nothing runs', () => {
    const story = step('STORY', 'SUCCEEDED', [attempt(1, 0, 3)]);
    const waiting = step('ASSET', 'PENDING');
    const later = step('CODE', 'PENDING');
    const run = workflow([story, waiting, later]);
    expect(readyTime(waiting, run)).toBe(msAt(3));
    expect(readyTime(later, run)).toBe(null);
    const running = step('ASSET', 'RUNNING', [attempt(1, 3, null)]);
    expect(readyTime(later, workflow([story, running, later]))).toBe(null);
  });

  test('the span of a run that waits for its next attempt reaches to it', () => {
    const story = { ...step('STORY', 'WAITING_TO_RETRY', [attempt(1, 0, 1, 'HTTP 503')]), nextAttemptAt: at(60) };
    const run = workflow([story]);
    expect(spanOf(run, msAt(5))).toEqual({ startMs: msAt(0), endMs: msAt(60) });
    expect(busyTimes(run, msAt(5))).toEqual([{ startMs: msAt(0), endMs: msAt(1) }]);
  });
});
