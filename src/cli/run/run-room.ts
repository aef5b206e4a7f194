import type { ApiClient } from '../../client/api-client.ts';
import {
  AGENT_LOGS,
  type AgentLogs,
  CANCEL_WORKFLOW,
  type CancelWorkflow,
  RESULTS,
  type ResultsAnswer,
  START_WORKFLOW,
  type StartWorkflow,
  WORKFLOW_UPDATED,
  type Workflow,
  type WorkflowUpdated,
} from '../../client/operations.ts';
import { type Progress, startProgress, withLine, withWorkflow } from './progress.ts';
import type { Results } from './result.ts';

/** The key makes a request that is sent twice, because its answer was lost, start one workflow only. */
export type StartInput = { userInput: string; idempotencyKey: string };

/**
 * Starts a workflow in a new room and follows it to its end.
 * @param onProgress called with each change, in order; the last call has the final workflow and its whole log
 * @returns the last progress
 * @throws {ApiError} when the API refuses; another Error when the connection cannot be restored
 */
export async function runRoom(
  api: ApiClient,
  input: StartInput,
  onProgress: (progress: Progress) => void,
): Promise<Progress> {
  const { startWorkflow } = await api.execute<StartWorkflow>(START_WORKFLOW, { input });
  const { workflow, logCursor } = startWorkflow;

  let progress = startProgress(workflow, Date.now());
  const set = (next: Progress) => {
    if (next === progress) return;
    progress = next;
    onProgress(progress);
  };
  onProgress(progress);

  const watchWorkflow = async () => {
    const updates = api.follow<WorkflowUpdated>(WORKFLOW_UPDATED, () => ({ workflowId: workflow.id }));
    for await (const { workflowUpdated } of updates) set(withWorkflow(progress, workflowUpdated, Date.now()));
  };
  const watchLog = async () => {
    const lines = api.follow<AgentLogs>(AGENT_LOGS, () => ({
      roomId: workflow.room.id,
      workflowId: workflow.id,
      after: progress.lines.at(-1)?.id ?? logCursor,
    }));
    for await (const { agentLogs } of lines) set(withLine(progress, agentLogs));
  };
  // Both subscriptions complete when the workflow has ended.
  await Promise.all([watchWorkflow(), watchLog()]);
  return progress;
}

/** What the agents of a workflow answered with. */
export async function loadResults(api: ApiClient, workflowId: string): Promise<Results> {
  const { workflow } = await api.execute<ResultsAnswer>(RESULTS, { id: workflowId });
  return Object.fromEntries((workflow?.steps ?? []).map(({ agent, result }) => [agent, result]));
}

/** Cancels what `runRoom` started with this input. The key finds it even if the answer to the start was lost. */
export async function cancelRun(api: ApiClient, input: StartInput): Promise<Workflow> {
  const { startWorkflow } = await api.execute<StartWorkflow>(START_WORKFLOW, { input });
  const { id } = startWorkflow.workflow;
  return (await api.execute<CancelWorkflow>(CANCEL_WORKFLOW, { id })).cancelWorkflow;
}
