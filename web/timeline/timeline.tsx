import { type KeyboardEvent, useMemo } from 'react';
import type { StepState, WorkflowState } from '../room/operations.ts';
import { duration } from '../shared/time.ts';
import { isFinal } from '../shared/words.ts';
import { AttemptsTable } from './attempts-table.tsx';
import { Lane, type Selection } from './lane.tsx';
import { readyTimes, segmentsOf, spanOf, ticksOf } from './segments.ts';

type Props = {
  workflow: WorkflowState;
  nowMs: number;
  selection: Selection;
  /** The time of the line that is pointed at. */
  markMs: number | null;
  onSelect(selection: Selection): void;
  /** Null: nothing may be retried. */
  onRetry: ((step: StepState['agent']) => void) | null;
};

/** A lane per step on one time axis. */
export function Timeline({ workflow, nowMs, selection, markMs, onSelect, onRetry }: Props) {
  const span = spanOf(workflow, nowMs);
  const ready = useMemo(() => readyTimes(workflow), [workflow]);
  const length = span.endMs - span.startMs;
  const percent = (ms: number) => Math.min(100, Math.max(0, ((ms - span.startMs) / length) * 100));
  const lastRetry = firstWithoutResult(workflow.steps);
  return (
    <section className="timeline panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Steps</h2>
      <div className="lanes">
        <div className="axis" aria-hidden="true">
          {ticksOf(span, 6).map((ms) => (
            <span key={ms} style={{ left: `${(ms / length) * 100}%` }}>
              {ms === 0 ? '0' : duration(ms).replace('.0 s', ' s')}
            </span>
          ))}
        </div>
        <ol onKeyDown={moveFocus}>
          {workflow.steps.map((step, index) => (
            <Lane
              key={step.agent}
              step={step}
              segments={segmentsOf(step, ready[index] ?? null)}
              nowMs={isFinal(workflow.status) ? span.endMs : nowMs}
              percent={percent}
              isTabStop={selection === null ? index === 0 : selection.step === step.agent}
              selection={selection?.step === step.agent ? selection : null}
              onSelect={onSelect}
              onRetry={onRetry !== null && index <= lastRetry ? () => onRetry(step.agent) : null}
            />
          ))}
        </ol>
        {markMs !== null && <MarkLine percent={percent(markMs)} />}
      </div>
      <AttemptsTable workflow={workflow} />
    </section>
  );
}

function MarkLine({ percent }: { percent: number }) {
  return (
    <div className="mark-area" aria-hidden="true">
      <div className="mark" style={{ left: `${percent}%` }} />
    </div>
  );
}

/** A retry may begin with this step or an earlier one. */
function firstWithoutResult(steps: readonly StepState[]): number {
  const index = steps.findIndex(({ status }) => status !== 'SUCCEEDED');
  return index === -1 ? steps.length - 1 : index;
}

/** Arrow keys move between the lanes; the lanes are one stop of the Tab key. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  focusLane(event.key === 'ArrowDown' ? 1 : -1);
}

/** Focuses the lane after (1) or before (-1) the focused one. */
export function focusLane(by: 1 | -1): void {
  const lanes: (Element | null)[] = [...document.querySelectorAll('[data-lane]')];
  const current = lanes.indexOf(document.activeElement);
  const index = current === -1 ? (by === 1 ? 0 : lanes.length - 1) : current + by;
  const next = lanes[Math.min(lanes.length - 1, Math.max(0, index))];
  if (next instanceof HTMLElement) next.focus();
}
