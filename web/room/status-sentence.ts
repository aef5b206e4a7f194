import { duration } from '../shared/time.ts';
import { agentDoing, agentTitle, workflowWord } from '../shared/words.ts';
import type { StepState, WorkflowState } from './operations.ts';

/** What is happening, in one sentence that begins with the status. It has no figure that changes by itself. */
export function statusSentence(workflow: WorkflowState | null): string {
  if (workflow === null) return 'Nothing has run here yet';
  const { status, steps, startedAt, createdAt, finishedAt } = workflow;
  const word = workflowWord(status);
  switch (status) {
    case 'QUEUED':
      return `${word}: begins when another of your rooms has finished`;
    case 'RUNNING':
      return `${word}: ${steps.map(activity).find((text) => text !== null) ?? 'waiting for a worker'}`;
    case 'SUCCEEDED':
      return finishedAt === null
        ? word
        : `${word} in ${duration(Date.parse(finishedAt) - Date.parse(startedAt ?? createdAt))}`;
    case 'FAILED': {
      const failed = steps.filter((step) => step.status === 'FAILED').map(({ agent }) => agentTitle(agent));
      return failed.length === 0 ? word : `${word}: ${new Intl.ListFormat('en').format(failed)} gave no result`;
    }
    default:
      return word;
  }
}

function activity({ agent, status, attempts }: StepState): string | null {
  if (status === 'RUNNING') return `${agentTitle(agent)} ${agentDoing(agent)}`;
  if (status === 'WAITING_TO_RETRY') return `${agentTitle(agent)} waits before attempt ${attempts.length + 1}`;
  return null;
}
