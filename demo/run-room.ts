import type { ApiClient } from './api-client.ts';
import {
  AGENT_LOGS,
  type AgentLogs,
  CANCEL_WORKFLOW,
  type CancelWorkflow,
  START_WORKFLOW,
  type StartWorkflow,
  WORKFLOW_UPDATED,
  type Workflow,
  type WorkflowUpdated,
} from './operations.ts';
import { type Progress, startProgress, withLine, withWorkflow } from './progress.ts';

/** The key makes a start that is sent again, since its answer was lost, the same start. */
export type StartInput = { userInput: string; idempotencyKey: string };

/**
 * Starts a workflow in a new room and follows it to its end.
 * @param onProgress told of each change, in order; the last one holds the workflow's end and its whole log
 * @throws {ApiError} when the API refuses; another Error when the connection is lost for good
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
  // Both complete by themselves once the workflow has ended.
  await Promise.all([watchWorkflow(), watchLog()]);
  return progress;
}

/** Cancels what `runRoom` started with this input; its key finds it, also when the start's answer never came. */
export async function cancelRun(api: ApiClient, input: StartInput): Promise<Workflow> {
  const { startWorkflow } = await api.execute<StartWorkflow>(START_WORKFLOW, { input });
  const { id } = startWorkflow.workflow;
  return (await api.execute<CancelWorkflow>(CANCEL_WORKFLOW, { id })).cancelWorkflow;
}
