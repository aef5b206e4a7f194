import { useEffect } from 'react';
import { workflowWord } from '../shared/words.ts';
import { RoomHead } from './room-head.tsx';
import { RoomMissing } from './room-missing.tsx';
import { RunView } from './run-view.tsx';
import type { RoomData } from './use-room.ts';

type Props = { roomId: string; data: RoomData; isReadOnly: boolean };

/** A room: the run that is chosen, or the latest. */
export function RoomPage({ roomId, data, isReadOnly }: Props) {
  const { room, workflow, error } = data;
  useTitle(workflow === null ? 'A room' : `${workflowWord(workflow.status)}: ${workflow.userInput}`);
  if (workflow !== null) {
    return <RunView key={workflow.id} roomId={roomId} data={data} workflow={workflow} isReadOnly={isReadOnly} />;
  }
  if (error !== null) return <RoomMissing error={error} isReadOnly={isReadOnly} />;
  const isEmpty = room !== null && room.latestWorkflow === null;
  return (
    <main className="room">
      <RoomHead roomId={roomId} room={room} workflow={null} shown={null} isReadOnly={isReadOnly} />
      <p className="muted placeholder panel">{isEmpty ? 'Nothing has run in this room yet.' : 'Opening the room …'}</p>
    </main>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · HauntedAI`;
  }, [title]);
}
