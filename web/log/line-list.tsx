import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { LogLine } from '../room/operations.ts';
import { useTimeStyle } from '../shared/time-style.tsx';
import { LineRow } from './line-row.tsx';

export type LineListHandle = {
  /** Scrolls to the first line for which this is true, after the line it went to last. @returns whether there is one */
  goTo(matches: (line: LogLine) => boolean, options?: { next: boolean }): boolean;
};

type Props = {
  lines: readonly LogLine[];
  startMs: number;
  following: boolean;
  onFollow(following: boolean): void;
  isMarked(line: LogLine): boolean;
  linkOf(line: LogLine): string;
  onPoint(line: LogLine | null): void;
  handle: React.RefObject<LineListHandle | null>;
  emptyText: string;
};

const ROW_PX = 26;
const NEAR_END_PX = 32;
/** Scrolling counts as a person's for this long after what began it. */
const BY_HAND_MS = 1_000;

/** Only the rows in sight are in the document. */
export function LineList({ lines, startMs, following, onFollow, isMarked, linkOf, onPoint, handle, emptyText }: Props) {
  const times = useTimeStyle();
  const scroller = useRef<HTMLDivElement>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  /** The line that was gone to; a new object each time. */
  const [current, setCurrent] = useState<{ seq: number } | null>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 4,
    initialRect: { width: 800, height: 400 },
  });

  const count = lines.length;
  const height = virtualizer.getTotalSize();
  useEffect(() => {
    if (following && count > 0) virtualizer.scrollToIndex(count - 1, { align: 'end' });
  }, [count, following, height]);

  // After the lines that are shown may have changed along with it.
  useEffect(() => {
    const index = lines.findIndex(({ seq }) => seq === current?.seq);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'center' });
  }, [current]);

  useImperativeHandle(handle, () => ({
    goTo(matches, { next = false } = { next: false }) {
      const after = next ? lines.findIndex(({ seq }) => seq === current?.seq) : -1;
      let index = lines.findIndex((line, position) => position > after && matches(line));
      if (index === -1) index = lines.findIndex(matches);
      const line = lines[index];
      if (line === undefined) return false;
      onFollow(false);
      setCurrent({ seq: line.seq });
      return true;
    },
  }));

  const movedAtMs = useRef(Number.NEGATIVE_INFINITY);
  /** Scrolling up stops following, scrolling to the end begins it. */
  const onScrolled = () => {
    const element = scroller.current;
    if (element === null || performance.now() - movedAtMs.current > BY_HAND_MS) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (isAtEnd !== following) onFollow(isAtEnd);
  };
  /** Called for what a person does. The list may move at once, or in many small steps. */
  const onMovedByHand = () => {
    movedAtMs.current = performance.now();
    requestAnimationFrame(onScrolled);
  };
  const toggle = useCallback((seq: number) => {
    setExpanded((before) => {
      const next = new Set(before);
      if (!next.delete(seq)) next.add(seq);
      return next;
    });
  }, []);

  return (
    <div
      ref={scroller}
      className="lines"
      role="log"
      aria-live="off"
      aria-labelledby="log-title"
      data-testid="log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={onScrolled}
      onWheel={onMovedByHand}
      onTouchMove={onMovedByHand}
      onPointerUp={onMovedByHand}
      onKeyUp={(event) => {
        if (/^(Arrow|Page|Home|End)/.test(event.key)) onMovedByHand();
      }}
      onMouseLeave={() => onPoint(null)}
    >
      {count === 0 && <p className="muted empty">{emptyText}</p>}
      <div className="lines-size" style={{ height }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return (
            line !== undefined && (
              <LineRow
                key={line.seq}
                line={line}
                index={index}
                top={start}
                startMs={startMs}
                times={times}
                isExpanded={expanded.has(line.seq)}
                isMarked={isMarked(line)}
                isCurrent={line.seq === current?.seq}
                linkOf={linkOf}
                measure={virtualizer.measureElement}
                onToggle={toggle}
                onPoint={onPoint}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
