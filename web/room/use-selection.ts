import { type RefObject, useState } from 'react';
import { type LogFilter, NO_FILTER, stepOf } from '../log/filter-lines.ts';
import type { LineListHandle } from '../log/line-list.tsx';
import type { Selection } from '../timeline/lane.tsx';
import { attemptOf } from './attempt-of.ts';
import type { LogLine, WorkflowState } from './operations.ts';

/** What ties the lanes to the log: the step or attempt that is selected, and the line that is pointed at. */
export function useSelection(workflow: WorkflowState, log: RefObject<LineListHandle | null>) {
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER);
  const [selected, setSelected] = useState<Selection>(null);
  const [line, point] = useState<LogLine | null>(null);
  const belongsTo = (selection: Selection) => (candidate: LogLine) =>
    selection?.attempt != null &&
    stepOf(candidate) === selection.step &&
    attemptOf(workflow, candidate) === selection.attempt;

  return {
    filter,
    setFilter,
    selected,
    /** A step filters the log; an attempt marks its lines, and the log goes to the first of them. */
    select(next: Selection) {
      setSelected(next);
      if (next?.attempt == null) return setFilter({ ...filter, source: next?.step ?? null });
      setFilter({ ...filter, source: null });
      setTimeout(() => log.current?.goTo(belongsTo(next)));
    },
    isMarked: belongsTo(selected),
    point,
    pointed: line === null ? null : { step: stepOf(line) ?? '', attempt: attemptOf(workflow, line) },
    pointedMs: line === null ? null : Date.parse(line.timestamp),
  };
}
