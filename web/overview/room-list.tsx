import { memo } from 'react';
import { roomHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { StatusMark } from '../shared/status-mark.tsx';
import { duration } from '../shared/time.ts';
import { Moment, useTimeStyle } from '../shared/time-style.tsx';
import { useNow } from '../shared/use-now.ts';
import { agentTitle, stepWord } from '../shared/words.ts';
import type { RoomSummary } from './operations.ts';
import { roomDetail, statusWord } from './room-words.ts';
import { useRoving } from './use-roving.ts';

/** One stop for the tab key; j, k, the arrows, Home and End move within. */
export function RoomList({ rooms }: { rooms: readonly RoomSummary[] }) {
  const { list, current, ...handlers } = useRoving(rooms);
  return (
    <ul ref={list} className="rooms" data-testid="rooms" data-times={useTimeStyle()} {...handlers}>
      {rooms.map((room) => (
        <RoomRow key={room.id} room={room} isCurrent={room.id === current} />
      ))}
    </ul>
  );
}

const RoomRow = memo(function RoomRow({ room, isCurrent }: { room: RoomSummary; isCurrent: boolean }) {
  const { id, title, status, createdAt, latestWorkflow: run } = room;
  const nowMs = useNow(run?.status === 'RUNNING');
  const detail = roomDetail(room);
  const at = run?.createdAt ?? createdAt;
  return (
    <li data-room={id} data-status={status} data-run={run?.status}>
      <Link className="room-row" href={roomHref(id)} tabIndex={isCurrent ? 0 : -1}>
        <span className="room-title" title={title ?? undefined}>
          {title ?? 'A room without a title'}
        </span>
        <span className="room-word">{statusWord(room)}</span>
        <span className="strip">
          {run?.steps.map(({ agent, status: step }) => (
            <span key={agent} title={`${agentTitle(agent)}: ${stepWord(step).toLowerCase()}`}>
              <StatusMark status={step} />
              <span className="sr-only">{`${agentTitle(agent)} ${stepWord(step).toLowerCase()}. `}</span>
            </span>
          ))}
        </span>
        <span className="room-took">{run === null ? '' : took(run, nowMs)}</span>
        <Moment className="room-age" iso={at} nowMs={nowMs} />
        {detail !== null && (
          <span className="room-detail" title={detail}>
            {detail}
          </span>
        )}
      </Link>
    </li>
  );
});

function took({ startedAt, finishedAt }: NonNullable<RoomSummary['latestWorkflow']>, nowMs: number): string {
  if (startedAt === null) return '';
  return duration((finishedAt === null ? nowMs : Date.parse(finishedAt)) - Date.parse(startedAt));
}
