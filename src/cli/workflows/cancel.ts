import { type ApiOptions, callApi } from '../api.ts';
import { EXIT } from '../exit-codes.ts';
import { WORKFLOW_FIELDS, type WorkflowAnswer } from './workflow-answer.ts';

export type WorkflowOptions = ApiOptions & { json?: true };

const CANCEL = `mutation Cancel($id: ID!) { cancelWorkflow(id: $id) { ${WORKFLOW_FIELDS} } }`;

/** @returns the exit code */
export function cancel(id: string, options: WorkflowOptions): Promise<number> {
  return callApi(options, async ({ api }) => {
    const { cancelWorkflow } = await api.execute<{ cancelWorkflow: WorkflowAnswer }>(CANCEL, { id });
    if (options.json) console.log(JSON.stringify(cancelWorkflow));
    else console.log(`Cancelled workflow ${id} of room ${cancelWorkflow.room.id}.`);
    return EXIT.done;
  });
}
