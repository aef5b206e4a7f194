import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useConnection } from '../api/connection-context.ts';
import type { LineListHandle } from '../log/line-list.tsx';
import { LogPanel } from '../log/log-panel.tsx';
import { roomHref, seqTextInHash } from '../navigation/addresses.ts';
import { navigate, useHref } from '../navigation/route.ts';
import { ReplayBar } from '../replay/replay-bar.tsx';
import { useMoment } from '../replay/use-moment.ts';
import { useReplay } from '../replay/use-replay.ts';
import { linesUntil, workflowAt } from '../replay/workflow-at.ts';
import { ResultsPanel } from '../results/results-panel.tsx';
import { useResults } from '../results/use-results.ts';
import { useStore } from '../shared/store.ts';
import { useNow } from '../shared/use-now.ts';
import { isFinal } from '../shared/words.ts';
import { busyTimes, spanOf } from '../timeline/segments.ts';
import { createTimeScale } from '../timeline/time-scale.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { FailureNote } from './failure-note.tsx';
import type { LogLine, WorkflowState } from './operations.ts';
import { RoomHead } from './room-head.tsx';
import { RunActions } from './run-actions.tsx';
import { useActions } from './use-actions.ts';
import type { RoomData } from './use-room.ts';
import { useSelection } from './use-selection.ts';

type Props = { roomId: string; data: RoomData; workflow: WorkflowState; isReadOnly: boolean };

/** A run, as it is now or as it was at the moment that is replayed. */
export function RunView({ roomId, data: { room, lines, missing, logError, pin }, workflow, isReadOnly }: Props) {
  const isRunning = !isFinal(workflow.status);
  const isOpen = useStore(useConnection().state).kind === 'open';
  const nowMs = useNow(isRunning && isOpen);
  const spanEndMs = isRunning ? nowMs : 0;
  const scale = useMemo(
    () => createTimeScale(spanOf(workflow, spanEndMs), busyTimes(workflow, spanEndMs)),
    [workflow, spanEndMs],
  );
  const replay = useReplay(scale.span, scale.gaps);
  const { atMs } = replay;
  const shown = useMemo(() => (atMs === null ? workflow : workflowAt(workflow, atMs)), [workflow, atMs]);
  const shownLines = useMemo(() => (atMs === null ? lines : linesUntil(lines, atMs)), [lines, atMs]);
  const log = useRef<LineListHandle>(null);
  const selection = useSelection(shown, log);
  const actions = useActions(roomId, workflow);
  const results = useResults(workflow);
  const linkOf = useCallback(({ seq }: LogLine) => roomHref(roomId, workflow.id, seq), [roomId, workflow.id]);
  // Ids are in the order of creation. The room may not have been read again since this run began.
  const isEarlier = workflow.id < (room?.latestWorkflow?.id ?? '');
  useMoment({ lines, isRunning, replay, log });
  const isReplaying = atMs !== null;
  useEffect(() => pin(isReplaying ? workflow.id : null), [pin, workflow.id, isReplaying]);
  const leave = () => {
    replay.leave();
    navigate(roomHref(roomId, isEarlier ? workflow.id : undefined), { replace: true });
  };
  const showLatest = () => {
    replay.leave();
    navigate(roomHref(roomId));
  };
  useHref();
  const namedLine = seqTextInHash();
  const isLineMissing = namedLine !== null && missing === 0 && lines.every(({ seq }) => String(seq) !== namedLine);

  return (
    <main className="room" data-running={isRunning}>
      <RoomHead
        roomId={roomId}
        room={room}
        workflow={workflow}
        shown={shown}
        isReadOnly={isReadOnly}
        isPlaying={replay.isPlaying}
      >
        <RunActions
          roomId={roomId}
          workflow={workflow}
          lines={lines}
          results={results.byStep}
          actions={actions}
          isReadOnly={isReadOnly}
          log={log}
        />
      </RoomHead>
      {actions.notice !== null && (
        <p className="notice" role={actions.notice.isProblem ? 'alert' : 'status'}>
          {actions.notice.text}
        </p>
      )}
      {isLineMissing && (
        <p
          className="notice"
          role="alert"
        >{`Line ${namedLine.slice(0, 20)} of the link is not in the log of this run.`}</p>
      )}
      {isEarlier && (
        <p className="notice">
          This is an earlier run.{' '}
          <button type="button" className="small" onClick={showLatest}>
            Show the latest
          </button>
        </p>
      )}
      <FailureNote workflow={shown} onShow={(step) => selection.select({ step, attempt: null })} />
      <div className="room-grid">
        <Timeline
          workflow={shown}
          scale={scale}
          nowMs={atMs ?? nowMs}
          selection={selection.selected}
          pointed={selection.pointed}
          markMs={selection.pointedMs ?? atMs ?? (isRunning ? nowMs : null)}
          onSelect={selection.select}
          onRetry={isRunning || isReadOnly || actions.busy || atMs !== null ? null : actions.retry}
        >
          {!isRunning && (
            <ReplayBar
              replay={{ ...replay, leave }}
              scale={scale}
              momentLink={() => roomHref(roomId, workflow.id, shownLines.at(-1)?.seq ?? lines[0]?.seq)}
            />
          )}
        </Timeline>
        <ResultsPanel workflow={shown} results={results} isReplaying={isReplaying} />
        <LogPanel
          lines={shownLines}
          startMs={scale.span.startMs}
          steps={workflow.steps.map(({ agent }) => agent)}
          filter={selection.filter}
          onFilter={selection.setFilter}
          isMarked={selection.isMarked}
          linkOf={linkOf}
          onPoint={selection.point}
          isLive={isRunning}
          handle={log}
          error={logError}
          isQuiet={replay.isPlaying}
        />
      </div>
    </main>
  );
}
