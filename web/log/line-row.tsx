import { memo } from 'react';
import { webAddress } from '../navigation/addresses.ts';
import type { LogLine } from '../room/operations.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { JsonTree } from '../shared/json-tree.tsx';
import { lineTime, localTime, type TimeStyle, utcTime } from '../shared/time.ts';
import { agentTitle, levelWord } from '../shared/words.ts';
import { lineAsText } from './line-as-text.ts';

type Props = {
  line: LogLine;
  index: number;
  top: number;
  startMs: number;
  times: TimeStyle;
  isExpanded: boolean;
  isMarked: boolean;
  isCurrent: boolean;
  /** The address that opens the room at this line. */
  linkOf(line: LogLine): string;
  measure: (element: HTMLElement | null) => void;
  onToggle(seq: number): void;
  onPoint(line: LogLine | null): void;
};

/** Drawn again only when something of the line changes, which scrolling does not. */
export const LineRow = memo(function LineRow(props: Props) {
  const { line, index, top, startMs, times, isExpanded, isMarked, isCurrent, linkOf, measure, onToggle, onPoint } =
    props;
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
      onFocus={() => onPoint(line)}
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
      <time dateTime={timestamp} title={`${localTime(timestamp)} · ${utcTime(timestamp)}`}>
        {lineTime(timestamp, startMs, times)}
      </time>
      <span className="source">{agentTitle(agentType)}</span>
      <span className="level">{levelWord(level)}</span>
      <span className="message">
        <Linked text={message} />
      </span>
      {isExpanded && (
        <div className="line-details">
          <span className="muted">{utcTime(timestamp)}</span>
          <CopyButton label={`Copy line ${seq}`} text={lineAsText(line, startMs, times)} />
          <CopyButton label={`Copy link to line ${seq}`} text={linkOf(line)}>
            Copy link
          </CopyButton>
          {hasFields(metadata) && <JsonTree value={metadata} />}
        </div>
      )}
    </div>
  );
});

const hasFields = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** Web addresses in a text become links. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]])/);
  if (parts.length === 1) return text;
  return parts.map((part, index) => {
    const href = index % 2 === 1 ? webAddress(part) : null;
    return href === null ? (
      part
    ) : (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    );
  });
}
