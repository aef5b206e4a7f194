import type { LogLine } from '../room/operations.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { JsonTree } from '../shared/json-tree.tsx';
import { offset, utcTime } from '../shared/time.ts';
import { agentTitle, levelWord } from '../shared/words.ts';
import { lineAsText } from './line-as-text.ts';

type Props = {
  line: LogLine;
  index: number;
  top: number;
  startMs: number;
  isExpanded: boolean;
  isMarked: boolean;
  isCurrent: boolean;
  measure: (element: HTMLElement | null) => void;
  onToggle(seq: number): void;
  onPoint(line: LogLine | null): void;
};

export function LineRow(props: Props) {
  const { line, index, top, startMs, isExpanded, isMarked, isCurrent, measure, onToggle, onPoint } = props;
  const { seq, timestamp, agentType, level, message, metadata } = line;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only shows the line's moment in the timeline
    <div
      ref={measure}
      className="line"
      data-testid="log-line"
      data-index={index}
      data-seq={seq}
      data-level={level}
      data-source={agentType}
      data-marked={isMarked || undefined}
      data-current={isCurrent || undefined}
      data-expanded={isExpanded || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onMouseEnter={() => onPoint(line)}
    >
      <button
        type="button"
        className="line-toggle"
        aria-expanded={isExpanded}
        aria-label={`Line ${seq}, details`}
        title={utcTime(timestamp)}
        onClick={() => onToggle(seq)}
      >
        <span aria-hidden="true">{seq}</span>
      </button>
      <time dateTime={timestamp} title={utcTime(timestamp)}>
        {offset(Date.parse(timestamp) - startMs)}
      </time>
      <span className="source">{agentTitle(agentType)}</span>
      <span className="level">{levelWord(level)}</span>
      <span className="message">{message}</span>
      {isExpanded && (
        <div className="line-details">
          <span className="muted">{utcTime(timestamp)}</span>
          <CopyButton label={`Copy line ${seq}`} text={lineAsText(line, startMs)} />
          {hasFields(metadata) && <JsonTree value={metadata} />}
        </div>
      )}
    </div>
  );
}

const hasFields = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
