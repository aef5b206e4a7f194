import { useEffect, useState } from 'react';
import type { Span } from '../timeline/time-scale.ts';

export const SPEEDS = [1, 2, 5, 10, 20] as const;

export type Replay = {
  /** The moment that is shown; null: the page shows what is so now. */
  atMs: number | null;
  isPlaying: boolean;
  speed: number;
  /** Shows a moment, and stops there. */
  seek(ms: number): void;
  /** Plays from the moment that is shown; from the beginning if it is the end. */
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  /** Shows again what is so now. */
  leave(): void;
};

const FRAME_MS = 50;

/** Plays a finished run again. Idle time that the timeline collapses is passed over. @param gaps that idle time */
export function useReplay({ startMs, endMs }: Span, gaps: readonly Span[]): Replay {
  const [atMs, setAtMs] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);

  useEffect(() => {
    if (!isPlaying) return;
    let lastMs = performance.now();
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - lastMs;
      lastMs += elapsedMs;
      setAtMs((current) => Math.min(endMs, passOver(gaps, (current ?? startMs) + elapsedMs * speed)));
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [isPlaying, speed, startMs, endMs, gaps]);

  const isAtEnd = atMs !== null && atMs >= endMs;
  useEffect(() => {
    if (isAtEnd) setPlaying(false);
  }, [isAtEnd]);

  return {
    atMs,
    isPlaying,
    speed,
    setSpeed,
    seek(ms) {
      setAtMs(Math.min(endMs, Math.max(startMs, ms)));
      setPlaying(false);
    },
    play() {
      if (atMs === null || isAtEnd) setAtMs(startMs);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    leave() {
      setPlaying(false);
      setAtMs(null);
    },
  };
}

function passOver(gaps: readonly Span[], ms: number): number {
  return gaps.find(({ startMs, endMs }) => ms > startMs && ms < endMs)?.endMs ?? ms;
}
