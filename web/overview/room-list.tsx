import { roomHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { StatusMark } from '../shared/status-mark.tsx';
import { ago, duration, utcTime } from '../shared/time.ts';
import { agentTitle, roomWord, stepWord } from '../shared/words.ts';
import type { RoomSummary } from './operations.ts';

export function RoomList({ rooms, nowMs }: { rooms: readonly RoomSummary[]; nowMs: number }) {
  return (
    <ul className="rooms" data-testid="rooms">
      {rooms.map((room) => (
        <RoomRow key={room.id} room={room} nowMs={nowMs} />
      ))}
    </ul>
  );
}

function RoomRow({ room, nowMs }: { room: RoomSummary; nowMs: number }) {
  const { id, title, status, createdAt, latestWorkflow: run } = room;
  const word = run?.status === 'QUEUED' ? 'Queued' : run?.status === 'CANCELLED' ? 'Cancelled' : roomWord(status);
  return (
    <li data-room={id} data-status={status}>
      <Link className="room-row" href={roomHref(id)}>
        <span className="room-title">{title ?? 'A room without a title'}</span>
        <span className="room-word" data-status={status}>
          {word}
        </span>
        <span className="strip">
          {run?.steps.map(({ agent, status: step }) => (
            <span key={agent} title={`${agentTitle(agent)}: ${stepWord(step).toLowerCase()}`}>
              <StatusMark status={step} />
              <span className="sr-only">{`${agentTitle(agent)} ${stepWord(step).toLowerCase()}. `}</span>
            </span>
          ))}
        </span>
        <span className="room-took muted">{run === null || run === undefined ? '' : took(run, nowMs)}</span>
        <time className="muted" dateTime={createdAt} title={utcTime(createdAt)}>
          {ago(nowMs - Date.parse(run?.createdAt ?? createdAt))}
        </time>
      </Link>
    </li>
  );
}

function took(run: NonNullable<RoomSummary['latestWorkflow']>, nowMs: number): string {
  if (run.startedAt === null) return '';
  const endMs = run.finishedAt === null ? nowMs : Date.parse(run.finishedAt);
  return duration(endMs - Date.parse(run.startedAt));
}
