import type { StepState } from '../room/operations.ts';
import { StatusMark } from '../shared/status-mark.tsx';
import { countdown, duration } from '../shared/time.ts';
import { agentDoes, agentDoing, agentTitle, stepWord } from '../shared/words.ts';
import type { Segment } from './segments.ts';

/** What is marked in the lanes and in the log; a step without an attempt stands for all of its attempts. */
export type Selection = { step: string; attempt: number | null } | null;

type Props = {
  step: StepState;
  segments: readonly Segment[];
  nowMs: number;
  percent: (ms: number) => number;
  isTabStop: boolean;
  selection: Selection;
  /** The number of the attempt whose line is under the pointer. */
  pointed: number | null;
  onSelect(selection: Selection): void;
  onRetry: (() => void) | null;
};

export function Lane({ step, segments, nowMs, percent, isTabStop, selection, pointed, onSelect, onRetry }: Props) {
  const { agent, status } = step;
  const isSelected = selection !== null;
  return (
    <li className="lane" data-testid="step" data-step={agent} data-status={status} data-selected={isSelected}>
      <button
        type="button"
        className="lane-name"
        data-lane
        tabIndex={isTabStop ? 0 : -1}
        aria-pressed={isSelected}
        title={isSelected ? 'Show all lines' : 'Show only the lines of this step'}
        onClick={() => onSelect(isSelected ? null : { step: agent, attempt: null })}
      >
        <StatusMark status={status} />
        <span className="lane-title">{agentTitle(agent)}</span>
        <span className="lane-state" data-status={status}>
          {describe(step, nowMs)}
        </span>
        {status === 'WAITING_TO_RETRY' && step.error !== null && (
          <span className="lane-error" title={step.error}>
            {step.error}
          </span>
        )}
      </button>
      <div className="track">
        {segments.map((segment) => (
          <Bar
            key={`${segment.kind} ${segment.startMs}`}
            segment={segment}
            agent={agent}
            nowMs={nowMs}
            percent={percent}
            isSelected={segment.kind === 'attempt' && selection?.attempt === segment.number}
            isPointed={segment.kind === 'attempt' && pointed === segment.number}
            onSelect={onSelect}
          />
        ))}
      </div>
      <div className="lane-action">
        <Limit step={step} nowMs={nowMs} />
        {onRetry !== null && (
          <button
            type="button"
            className="small"
            data-testid={`retry-${agent}`}
            title={`Start again from ${agentTitle(agent)}. The results before it are kept.`}
            onClick={onRetry}
          >
            Retry<span className="sr-only"> from {agentTitle(agent)}</span>
          </button>
        )}
      </div>
    </li>
  );
}

/** When the call in progress ends at the latest. */
function Limit({ step: { status, attempts, timeoutMs }, nowMs }: { step: StepState; nowMs: number }) {
  const last = attempts.at(-1);
  if (status !== 'RUNNING' || last === undefined) return null;
  return (
    <span className="lane-limit" title={`A call may take ${duration(timeoutMs)}`}>
      limit in {countdown(Date.parse(last.startedAt) + timeoutMs - nowMs)}
    </span>
  );
}

type BarProps = {
  segment: Segment;
  agent: string;
  nowMs: number;
  percent: (ms: number) => number;
  isSelected: boolean;
  isPointed: boolean;
  onSelect(selection: Selection): void;
};

function Bar({ segment, agent, nowMs, percent, isSelected, isPointed, onSelect }: BarProps) {
  const endMs = segment.endMs ?? nowMs;
  const left = percent(segment.startMs);
  const style = { left: `${left}%`, width: `${Math.max(0, percent(endMs) - left)}%` };
  const took = duration(endMs - segment.startMs);
  if (segment.kind !== 'attempt') {
    const title = segment.kind === 'backoff' ? `waits ${took} before the next attempt` : `waits ${took} to begin`;
    return <span className={`bar ${segment.kind}`} style={style} title={title} />;
  }
  const { number, outcome, error } = segment;
  const text = `attempt ${number}: ${outcome}, ${took}${error === null ? '' : `: ${error}`}`;
  return (
    <button
      type="button"
      className="bar attempt"
      data-outcome={outcome}
      data-pointed={isPointed || undefined}
      aria-pressed={isSelected}
      tabIndex={-1}
      style={style}
      title={text}
      aria-label={`${agentTitle(agent)}, ${text}. Mark its lines`}
      onClick={() => onSelect(isSelected ? null : { step: agent, attempt: number })}
    >
      <span aria-hidden="true">{outcome === 'failed' ? `✕ ${took}` : took}</span>
    </button>
  );
}

function describe(step: StepState, nowMs: number): string {
  const { agent, status, attempts, nextAttemptAt, finishedAt, startedAt } = step;
  switch (status) {
    case 'RUNNING':
      return `${agentDoing(agent)}${attempts.length > 1 ? `, attempt ${attempts.at(-1)?.number}` : ''}`;
    case 'WAITING_TO_RETRY':
      return nextAttemptAt === null
        ? 'waits for the next attempt'
        : `next attempt in ${countdown(Date.parse(nextAttemptAt) - nowMs)}`;
    case 'SUCCEEDED': {
      if (attempts.length === 0) return 'result kept from the earlier run';
      const took = startedAt && finishedAt ? ` in ${duration(Date.parse(finishedAt) - Date.parse(startedAt))}` : '';
      return `done${took}${attempts.length > 1 ? `, ${attempts.length} attempts` : ''}`;
    }
    case 'FAILED':
      return `failed${attempts.length > 0 ? ` after ${attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}` : ''}`;
    case 'PENDING':
      return agentDoes(agent);
    default:
      return stepWord(status).toLowerCase();
  }
}
