import type { ReactNode } from 'react';
import { overviewHref, roomHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/route.ts';
import { duration, localTime, utcTime } from '../shared/time.ts';
import { Moment, useTimeStyle } from '../shared/time-style.tsx';
import { useNow } from '../shared/use-now.ts';
import { isFinal, workflowWord } from '../shared/words.ts';
import type { RoomState, WorkflowState } from './operations.ts';
import { statusSentence } from './status-sentence.ts';
import { usageDetail, usageWords } from './usage-words.ts';
import { useBalance } from './use-balance.ts';

type Props = {
  roomId: string;
  room: RoomState | null;
  workflow: WorkflowState | null;
  /** The run as it is shown: as it is now, or at an earlier moment. */
  shown: WorkflowState | null;
  isReadOnly: boolean;
  /** The status changes often and is not read aloud. */
  isPlaying?: boolean;
  children?: ReactNode;
};

export function RoomHead({ roomId, room, workflow, shown, isReadOnly, isPlaying = false, children }: Props) {
  return (
    <header className="room-head">
      <div className="room-path">
        {isReadOnly ? (
          <span className="tag">Shared with you, read-only</span>
        ) : (
          <Link href={overviewHref()}>← All rooms</Link>
        )}
        {room !== null && workflow !== null && <RunSelect roomId={roomId} room={room} workflow={workflow} />}
      </div>
      <h1 title={workflow?.userInput}>{workflow?.userInput ?? room?.title ?? 'A room'}</h1>
      <div className="room-line">
        <p
          className="status"
          role="status"
          aria-live={isPlaying ? 'off' : 'polite'}
          data-testid="room-status"
          data-status={shown?.status ?? 'IDLE'}
        >
          {shown === null && room === null ? 'Opening …' : statusSentence(shown)}
        </p>
        {shown !== null && <RunFacts run={shown} isPast={shown !== workflow} isReadOnly={isReadOnly} />}
        {children}
      </div>
    </header>
  );
}

function RunFacts({ run, isPast, isReadOnly }: { run: WorkflowState; isPast: boolean; isReadOnly: boolean }) {
  const isRunning = !isFinal(run.status);
  const nowMs = useNow(isRunning);
  const balance = useBalance(!isReadOnly && run.reward !== null);
  return (
    <p className="muted meta">
      {isPast && <span className="tag">Replay</span>}
      {isRunning && !isPast && <span>{duration(nowMs - Date.parse(run.createdAt))} so far</span>}
      <span>
        {run.status === 'QUEUED' ? 'queued' : 'started'} <Moment iso={run.createdAt} nowMs={nowMs} />
      </span>
      {run.usage !== null && <span title={usageDetail(run.usage)}>{usageWords(run.usage)}</span>}
      {run.reward !== null && (
        <span className="reward">
          +{run.reward.amount} HHCW
          {balance !== null && <span className="muted">{` · balance ${balance.toLocaleString('en')}`}</span>}
        </span>
      )}
    </p>
  );
}

/** The workflows of the room, newest first. */
function RunSelect({ roomId, room, workflow }: { roomId: string; room: RoomState; workflow: WorkflowState }) {
  const times = useTimeStyle();
  const { edges, pageInfo } = room.workflows;
  const runs = edges.map(({ node }) => node);
  const nameOf = (index: number) => (pageInfo.hasNextPage ? 'Run' : `Run ${runs.length - index}`);
  if (runs.length < 2) return null;
  return (
    <div className="runs">
      <select
        aria-label="Run"
        value={workflow.id}
        onChange={({ target }) =>
          navigate(target.value === runs[0]?.id ? roomHref(roomId) : roomHref(roomId, target.value))
        }
      >
        {runs.map(({ id, status, createdAt }, index) => (
          <option key={id} value={id}>
            {`${nameOf(index)} · ${workflowWord(id === workflow.id ? workflow.status : status)} · ${times === 'utc' ? utcTime(createdAt) : localTime(createdAt)}`}
          </option>
        ))}
      </select>
    </div>
  );
}
