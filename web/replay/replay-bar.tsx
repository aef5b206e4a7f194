import { useRef } from 'react';
import { CopyButton } from '../shared/copy-button.tsx';
import { offset } from '../shared/time.ts';
import type { TimeScale } from '../timeline/time-scale.ts';
import { type Replay, SPEEDS } from './use-replay.ts';

type Props = {
  replay: Replay;
  scale: TimeScale;
  /** The address of the moment that is shown. */
  momentLink: () => string;
};

/** The slider lies under the lanes and has their scale. */
export function ReplayBar({ replay, scale, momentLink }: Props) {
  const { atMs, isPlaying, speed } = replay;
  const shownMs = atMs ?? scale.span.endMs;
  const playButton = useRef<HTMLButtonElement>(null);
  const leave = () => {
    replay.leave();
    playButton.current?.focus();
  };
  return (
    <section className="replay" aria-label="Replay">
      <div className="replay-buttons">
        <button
          ref={playButton}
          type="button"
          className="small"
          onClick={() => (isPlaying ? replay.pause() : replay.play())}
        >
          {isPlaying ? '❚❚ Pause' : atMs === null ? '▶ Replay' : '▶ Play'}
        </button>
        <select
          aria-label="Speed"
          className="small"
          value={speed}
          onChange={({ target }) => replay.setSpeed(Number(target.value))}
        >
          {SPEEDS.map((value) => (
            <option key={value} value={value}>{`${value}×`}</option>
          ))}
        </select>
      </div>
      <input
        type="range"
        aria-label="Moment"
        aria-valuetext={offset(shownMs - scale.span.startMs)}
        min={0}
        max={100}
        step={0.5}
        value={scale.percent(shownMs)}
        onChange={({ target }) => replay.seek(scale.momentAt(Number(target.value)))}
      />
      {atMs !== null && (
        <div className="replay-moment">
          <span className="replay-time">{offset(shownMs - scale.span.startMs)}</span>
          <CopyButton label="Copy link to this moment" text={momentLink}>
            Copy link to this moment
          </CopyButton>
          <button type="button" className="small" onClick={leave}>
            Leave replay
          </button>
        </div>
      )}
    </section>
  );
}
