import { builder } from '../builder.ts';
import { WorkflowRef } from '../types/refs.ts';

builder.mutationField('cancelWorkflow', (t) =>
  t.field({
    type: WorkflowRef,
    description:
      'Stops a workflow: the agent call in flight is given up, and steps without a result become CANCELLED. One that ' +
      'is cancelled already is returned as it is.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; WORKFLOW_FINISHED when it ended otherwise.',
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { workflows, viewerId }) => workflows.cancel(viewerId, id),
  }),
);
