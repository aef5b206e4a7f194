import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { StepState, WorkflowState } from '../room/operations.ts';
import { duration } from '../shared/time.ts';
import { isFinal } from '../shared/words.ts';
import { AttemptsTable } from './attempts-table.tsx';
import { Lane, type Selection } from './lane.tsx';
import { readyTime, segmentsOf } from './segments.ts';
import type { TimeScale } from './time-scale.ts';

type Props = {
  workflow: WorkflowState;
  scale: TimeScale;
  /** The moment that is shown. */
  nowMs: number;
  selection: Selection;
  /** The attempt that the line under the pointer belongs to. */
  pointed: Selection;
  /** A moment to mark: that of the line under the pointer, or the one that is replayed. */
  markMs: number | null;
  onSelect(selection: Selection): void;
  /** Null: nothing may be retried. */
  onRetry: ((step: StepState['agent']) => void) | null;
  /** Stands under the lanes. */
  children: ReactNode;
};

/** A lane per step on one time axis. */
export function Timeline(props: Props) {
  const { workflow, scale, nowMs, selection, pointed, markMs, onSelect, onRetry, children } = props;
  const [focused, setFocused] = useState<string | null>(null);
  const tabStop = focused ?? selection?.step ?? workflow.steps[0]?.agent;
  const lastRetry = firstWithoutResult(workflow.steps);
  return (
    <section className="timeline panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Steps</h2>
      <div className="lanes">
        <div className="axis" aria-hidden="true">
          {scale.ticks.map(({ offsetMs, percent }) => (
            <span key={offsetMs} style={{ left: `${percent}%` }}>
              {offsetMs === 0 ? '0' : duration(offsetMs).replace('.0 s', ' s')}
            </span>
          ))}
        </div>
        <Gaps scale={scale} />
        <ol onKeyDown={moveFocus} onFocus={({ target }) => setFocused(target.closest('li')?.dataset['step'] ?? null)}>
          {workflow.steps.map((step, index) => (
            <Lane
              key={step.agent}
              step={step}
              segments={segmentsOf(step, readyTime(step, workflow))}
              nowMs={isFinal(workflow.status) ? scale.span.endMs : nowMs}
              percent={scale.percent}
              isTabStop={step.agent === tabStop}
              selection={selection?.step === step.agent ? selection : null}
              pointed={pointed?.step === step.agent ? pointed.attempt : null}
              onSelect={onSelect}
              onRetry={onRetry !== null && index <= lastRetry ? () => onRetry(step.agent) : null}
            />
          ))}
        </ol>
        {markMs !== null && (
          <div className="over-tracks" aria-hidden="true">
            <div className="mark" style={{ left: `${scale.percent(markMs)}%` }} />
          </div>
        )}
      </div>
      {children}
      <AttemptsTable workflow={workflow} />
    </section>
  );
}

/** Idle time that is drawn shorter than it was. */
function Gaps({ scale: { gaps, percent } }: { scale: TimeScale }) {
  return (
    <div className="over-tracks">
      {gaps.map(({ startMs, endMs }) => (
        <div
          key={startMs}
          className="gap"
          style={{ left: `${percent(startMs)}%`, width: `${percent(endMs) - percent(startMs)}%` }}
          title={`Nothing ran for ${duration(endMs - startMs)}`}
        >
          <span>{duration(endMs - startMs).replace('.0 s', ' s')}</span>
        </div>
      ))}
    </div>
  );
}

/** A retry may begin with this step or an earlier one. */
function firstWithoutResult(steps: readonly StepState[]): number {
  const index = steps.findIndex(({ status }) => status !== 'SUCCEEDED');
  return index === -1 ? steps.length - 1 : index;
}

/** Up and down move between the lanes, left and right between a lane and its bars. The lanes are one stop of the Tab key. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  const { key, target } = event;
  if (!/^Arrow(Up|Down|Left|Right)$/.test(key)) return;
  event.preventDefault();
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    focusLane(key === 'ArrowDown' ? 1 : -1);
    return;
  }
  const lane = target instanceof Element ? target.closest('li') : null;
  const stops: (Element | null)[] = [...(lane?.querySelectorAll('[data-lane], button.attempt') ?? [])];
  const next = stops[stops.indexOf(document.activeElement) + (key === 'ArrowRight' ? 1 : -1)];
  if (next instanceof HTMLElement) next.focus();
}

/** Focuses the lane after (1) or before (-1) the focused one. */
export function focusLane(by: 1 | -1): void {
  const lanes: (Element | null)[] = [...document.querySelectorAll('[data-lane]')];
  const current = lanes.indexOf(document.activeElement?.closest('li')?.querySelector('[data-lane]') ?? null);
  const index = current === -1 ? (by === 1 ? 0 : lanes.length - 1) : current + by;
  const next = lanes[Math.min(lanes.length - 1, Math.max(0, index))];
  if (next instanceof HTMLElement) next.focus();
}
