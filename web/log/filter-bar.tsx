import type { LogLine } from '../room/operations.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { useTimeStyle } from '../shared/time-style.tsx';
import { agentTitle, count, levelWord } from '../shared/words.ts';
import { isFiltering, type LogFilter, NO_FILTER } from './filter-lines.ts';
import { lineAsText } from './line-as-text.ts';

type Props = {
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
  steps: readonly string[];
  lines: readonly LogLine[];
  shown: readonly LogLine[];
  startMs: number;
  following: boolean;
  newLines: number;
  onFollow(following: boolean): void;
};

const LEVELS = ['INFO', 'SUCCESS', 'WARN', 'ERROR'];

export function FilterBar(props: Props) {
  const { filter, onFilter, steps, lines, shown, startMs, following, newLines, onFollow } = props;
  const times = useTimeStyle();
  return (
    <div className="log-head">
      <h2 id="log-title">Log</h2>
      <span className="muted log-count">
        {shown.length === lines.length
          ? count(lines.length, 'line')
          : `${shown.length} of ${count(lines.length, 'line')}`}
      </span>
      <div className="log-tools">
        <input
          type="search"
          id="log-search"
          aria-label="Find in the log"
          placeholder="Find ( / )"
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') document.querySelector<HTMLElement>('.lines')?.focus();
          }}
        />
        <select
          aria-label="Step"
          value={filter.source ?? ''}
          onChange={(event) => onFilter({ ...filter, source: event.target.value || null })}
        >
          <option value="">All steps</option>
          {steps.map((step) => (
            <option key={step} value={step}>
              {agentTitle(step)}
            </option>
          ))}
        </select>
        <select
          aria-label="Level"
          value={filter.level ?? ''}
          onChange={(event) => onFilter({ ...filter, level: event.target.value || null })}
        >
          <option value="">All levels</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {levelWord(level)}
            </option>
          ))}
        </select>
        {isFiltering(filter) && (
          <button type="button" className="small" onClick={() => onFilter(NO_FILTER)}>
            Clear
          </button>
        )}
        <CopyButton
          label="Copy the lines shown"
          text={() => shown.map((line) => lineAsText(line, startMs, times)).join('\n')}
        />
        <button
          type="button"
          className={`small follow${newLines > 0 ? ' has-new' : ''}`}
          aria-pressed={following}
          title="Follow the newest line (f)"
          onClick={() => onFollow(!following)}
        >
          {newLines > 0 ? `${newLines.toLocaleString('en')} new` : following ? 'Following' : 'Follow'}
        </button>
      </div>
    </div>
  );
}
