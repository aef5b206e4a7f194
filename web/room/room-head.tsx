import { overviewHref, ROOT, roomHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/route.ts';
import { ago, duration, utcTime } from '../shared/time.ts';
import { isFinal, workflowWord } from '../shared/words.ts';
import type { RoomState, WorkflowState } from './operations.ts';
import { statusSentence } from './status-sentence.ts';

type Props = {
  roomId: string;
  room: RoomState | null;
  workflow: WorkflowState | null;
  nowMs: number;
  isReadOnly: boolean;
  busy: boolean;
  onCancel(): void;
  onShare(): void;
};

export function RoomHead({ roomId, room, workflow, nowMs, isReadOnly, busy, onCancel, onShare }: Props) {
  const isRunning = workflow !== null && !isFinal(workflow.status);
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
        <p className="status" role="status" data-testid="room-status" data-status={workflow?.status ?? 'IDLE'}>
          {statusSentence(workflow)}
        </p>
        {workflow !== null && (
          <p className="muted meta">
            {isRunning && <span>{duration(nowMs - Date.parse(workflow.createdAt))} so far</span>}
            <time dateTime={workflow.createdAt} title={utcTime(workflow.createdAt)}>
              started {ago(nowMs - Date.parse(workflow.createdAt))}
            </time>
            {workflow.reward !== null && <span className="reward">+{workflow.reward.amount} HHCW</span>}
          </p>
        )}
        <div className="actions">
          {isRunning && !isReadOnly && (
            <button
              type="button"
              data-testid="cancel"
              disabled={busy}
              title="Stops the call in flight. Results up to now are kept, and you can retry from there. No reward is paid."
              onClick={onCancel}
            >
              Cancel
            </button>
          )}
          {!isReadOnly && (
            <button type="button" className="quiet" disabled={busy} onClick={onShare}>
              Share
            </button>
          )}
          {!isReadOnly && document.documentElement.hasAttribute('data-graphiql') && (
            <a className="quiet button" href={new URL('graphql', ROOT).href}>
              GraphiQL
            </a>
          )}
        </div>
      </div>
    </header>
  );
}

/** The workflows of the room, newest first. */
function RunSelect({ roomId, room, workflow }: { roomId: string; room: RoomState; workflow: WorkflowState }) {
  const runs = room.workflows.edges.map(({ node }) => node);
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
            {`Run ${runs.length - index} · ${workflowWord(id === workflow.id ? workflow.status : status)} · ${new Date(createdAt).toLocaleString()}`}
          </option>
        ))}
      </select>
    </div>
  );
}
