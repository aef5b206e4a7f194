import { useDeferredValue, useMemo, useState } from 'react';
import type { LogLine } from '../room/operations.ts';
import { Announcer } from './announcer.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterLines, isFiltering, type LogFilter } from './filter-lines.ts';
import { LineList, type LineListHandle } from './line-list.tsx';

type Props = {
  lines: readonly LogLine[];
  /** When the workflow was created, in ms: times are counted from there. */
  startMs: number;
  steps: readonly string[];
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
  isMarked(line: LogLine): boolean;
  /** The address that opens the room at a line. */
  linkOf(line: LogLine): string;
  onPoint(line: LogLine | null): void;
  isLive: boolean;
  handle: React.RefObject<LineListHandle | null>;
  error: Error | null;
  /** New lines are not read aloud. */
  isQuiet: boolean;
};

/** One log over all steps. */
export function LogPanel(props: Props) {
  const { lines, startMs, steps, filter, onFilter, isMarked, linkOf, onPoint, isLive, handle, error, isQuiet } = props;
  const [following, setFollowing] = useState(true);
  const [seenCount, setSeenCount] = useState(0);
  const deferredFilter = useDeferredValue(filter);
  const shown = useMemo(() => filterLines(lines, deferredFilter), [lines, deferredFilter]);
  const follow = (next: boolean) => {
    setFollowing(next);
    setSeenCount(shown.length);
  };
  return (
    <section className="log-panel panel" aria-labelledby="log-title">
      <FilterBar
        filter={filter}
        onFilter={onFilter}
        steps={steps}
        lines={lines}
        shown={shown}
        startMs={startMs}
        following={following}
        newLines={following ? 0 : Math.max(0, shown.length - seenCount)}
        onFollow={follow}
      />
      {error !== null && <p role="alert">{`The log cannot be read: ${error.message}`}</p>}
      <LineList
        lines={shown}
        startMs={startMs}
        following={following}
        onFollow={follow}
        isMarked={isMarked}
        linkOf={linkOf}
        onPoint={onPoint}
        handle={handle}
        emptyText={emptyText(lines.length, isFiltering(filter), isLive)}
      />
      {!isQuiet && <Announcer lines={lines} />}
    </section>
  );
}

function emptyText(lines: number, filtering: boolean, isLive: boolean): string {
  if (filtering && lines > 0) return 'No line matches the filter.';
  return isLive ? 'Waiting for the first line.' : 'There are no lines.';
}
