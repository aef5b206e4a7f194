import { agentDoing, agentTitle, roomWord } from '../shared/words.ts';
import type { RoomSummary } from './operations.ts';

/** The room's status in one or two words. */
export function statusWord({ status, latestWorkflow }: RoomSummary): string {
  if (latestWorkflow?.status === 'QUEUED') return 'Queued';
  if (latestWorkflow?.status === 'CANCELLED') return 'Cancelled';
  return roomWord(status);
}

/** What is happening in the room, or which agent failed and why; null if the status says it all. */
export function roomDetail({ status, error, latestWorkflow }: RoomSummary): string | null {
  if (status === 'ERROR') return error;
  if (latestWorkflow === null || status !== 'RUNNING') return null;
  if (latestWorkflow.status === 'QUEUED') return 'Begins when another of your rooms has finished';
  const { steps } = latestWorkflow;
  const failed = steps.filter((step) => step.status === 'FAILED').map(({ agent }) => `${agentTitle(agent)} failed`);
  const active = steps.flatMap(({ agent, status: step }) => {
    if (step === 'RUNNING') return `${agentTitle(agent)} ${agentDoing(agent)}`;
    return step === 'WAITING_TO_RETRY' ? `${agentTitle(agent)} failed and is called again soon` : [];
  });
  const next = steps.find((step) => step.status === 'PENDING');
  const waiting = active.length === 0 && next !== undefined ? [`${agentTitle(next.agent)} waits for a slot`] : [];
  return [...failed, ...active, ...waiting].join('; ') || null;
}

/** Whether the text is in what the row shows. */
export function matches(room: RoomSummary, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const shown = [room.title, room.error, room.id, statusWord(room)];
  return wanted === '' || shown.some((part) => part?.toLowerCase().includes(wanted));
}
