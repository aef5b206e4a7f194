import { randomUUID } from 'node:crypto';
import type { AgentName } from '../../orchestrator/domain/agents.ts';
import { callApi } from '../api.ts';
import { EXIT } from '../exit-codes.ts';
import { commandOf } from '../start-command.ts';
import { titleOf } from '../titles.ts';
import type { WorkflowOptions } from './cancel.ts';
import { WORKFLOW_FIELDS, type WorkflowAnswer } from './workflow-answer.ts';

export type RetryOptions = WorkflowOptions & { from?: AgentName };

const RETRY = `mutation Retry($id: ID!, $from: AgentName, $idempotencyKey: String) {
  retryWorkflow(id: $id, from: $from, idempotencyKey: $idempotencyKey) { workflow { ${WORKFLOW_FIELDS} } }
}`;

/** @returns the exit code */
export function retry(id: string, { from, ...options }: RetryOptions): Promise<number> {
  return callApi(options, async ({ api }) => {
    const variables = { id, from: from?.toUpperCase() ?? null, idempotencyKey: randomUUID() };
    const { retryWorkflow } = await api.execute<{ retryWorkflow: { workflow: WorkflowAnswer } }>(RETRY, variables);
    const { workflow } = retryWorkflow;
    if (options.json) {
      console.log(JSON.stringify(workflow));
      return EXIT.done;
    }
    const first = workflow.steps.find(({ status }) => status !== 'SUCCEEDED');
    const beginning = first === undefined ? '' : `, which begins with ${titleOf(first.agent)}`;
    console.log(`Started workflow ${workflow.id} in room ${workflow.room.id}${beginning}.`);
    console.log(`To watch it: ${commandOf(`logs ${workflow.room.id} -f`)}`);
    return EXIT.done;
  });
}
