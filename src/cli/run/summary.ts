import type { Workflow } from '../../client/operations.ts';
import type { Results } from './result.ts';

/** How a run ended, for programs. What does not exist is null. */
export type RunSummary = {
  roomId: string;
  workflowId: string;
  status: Workflow['status'];
  error: string | null;
  story: string | null;
  imageUrl: string | null;
  deploymentUrl: string | null;
  reward: number | null;
};

export function summaryOf(workflow: Workflow, results: Results): RunSummary {
  return {
    roomId: workflow.room.id,
    workflowId: workflow.id,
    status: workflow.status,
    error: workflow.room.error,
    story: textOrNull(results.STORY?.['story']),
    imageUrl: textOrNull(results.ASSET?.['imageUrl']),
    deploymentUrl: workflow.deployment?.deploymentUrl ?? null,
    reward: workflow.reward?.amount ?? null,
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
