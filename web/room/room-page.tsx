import { useEffect, useRef, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { type LogFilter, NO_FILTER, stepOf } from '../log/filter-lines.ts';
import type { LineListHandle } from '../log/line-list.tsx';
import { LogPanel } from '../log/log-panel.tsx';
import { ResultsPanel } from '../results/results-panel.tsx';
import { useResults } from '../results/use-results.ts';
import { useStore } from '../shared/store.ts';
import { useNow } from '../shared/use-now.ts';
import { isFinal, workflowWord } from '../shared/words.ts';
import type { Selection } from '../timeline/lane.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import type { LogLine } from './operations.ts';
import { RoomHead } from './room-head.tsx';
import { RoomMissing } from './room-missing.tsx';
import { useActions } from './use-actions.ts';
import type { RoomData } from './use-room.ts';
import { useRoomKeys } from './use-room-keys.ts';

type Props = { roomId: string; data: RoomData; isReadOnly: boolean };

export function RoomPage({ roomId, data: { room, workflow, lines, error }, isReadOnly }: Props) {
  const isRunning = workflow !== null && !isFinal(workflow.status);
  const isOpen = useStore(useConnection().state).kind === 'open';
  const nowMs = useNow(isRunning && isOpen);
  const actions = useActions(roomId, workflow?.id);
  const results = useResults(workflow);
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER);
  const [selection, setSelection] = useState<Selection>(null);
  const [pointed, setPointed] = useState<LogLine | null>(null);
  const log = useRef<LineListHandle>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useTitle(workflow === null ? 'A room' : `${workflowWord(workflow.status)}: ${workflow.userInput}`);

  const isMarked = attemptMatcher(workflow, selection);
  const select = (next: Selection) => {
    setSelection(next);
    if (next?.attempt == null) setFilter({ ...filter, source: next?.step ?? null });
    else {
      setFilter({ ...filter, source: null });
      const matches = attemptMatcher(workflow, next);
      setTimeout(() => log.current?.goTo(matches));
    }
  };
  useRoomKeys({ log, onCancel: () => isRunning && !isReadOnly && dialog.current?.showModal() });

  if (error !== null && workflow === null) return <RoomMissing error={error} isReadOnly={isReadOnly} />;
  return (
    <main className="room">
      <RoomHead
        roomId={roomId}
        room={room}
        workflow={workflow}
        nowMs={nowMs}
        isReadOnly={isReadOnly}
        busy={actions.busy}
        onCancel={actions.cancel}
        onShare={actions.share}
      />
      {actions.notice !== null && (
        <p className="notice" role={actions.notice.isProblem ? 'alert' : 'status'}>
          {actions.notice.text}
        </p>
      )}
      {workflow === null ? (
        <RoomSkeleton isEmpty={room !== null && room.latestWorkflow === null} />
      ) : (
        <>
          <FailureNote workflow={workflow} onShow={(step) => select({ step, attempt: null })} />
          <div className="room-grid">
            <Timeline
              workflow={workflow}
              nowMs={nowMs}
              selection={selection}
              markMs={pointed === null ? null : Date.parse(pointed.timestamp)}
              onSelect={select}
              onRetry={isRunning || isReadOnly || actions.busy ? null : actions.retry}
            />
            <ResultsPanel workflow={workflow} results={results} />
            <LogPanel
              lines={lines}
              startMs={Date.parse(workflow.createdAt)}
              steps={workflow.steps.map(({ agent }) => agent)}
              filter={filter}
              onFilter={setFilter}
              isMarked={isMarked}
              onPoint={setPointed}
              isLive={isRunning}
              handle={log}
              error={error}
            />
          </div>
        </>
      )}
      <CancelDialog ref={dialog} onConfirm={actions.cancel} />
    </main>
  );
}

/** Whether a line was written during the selected attempt, about its step. */
function attemptMatcher(workflow: RoomData['workflow'], selection: Selection): (line: LogLine) => boolean {
  const step = workflow?.steps.find(({ agent }) => agent === selection?.step);
  const attempt = step?.attempts.find(({ number }) => number === selection?.attempt);
  if (step === undefined || attempt === undefined) return () => false;
  const endedAt = attempt.finishedAt ?? step.finishedAt;
  const endMs = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt);
  return (line) => {
    const ms = Date.parse(line.timestamp);
    return stepOf(line) === step.agent && ms >= Date.parse(attempt.startedAt) && ms <= endMs;
  };
}

function RoomSkeleton({ isEmpty }: { isEmpty: boolean }) {
  return (
    <p className="muted placeholder panel">{isEmpty ? 'Nothing has run in this room yet.' : 'Opening the room …'}</p>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · HauntedAI`;
  }, [title]);
}
