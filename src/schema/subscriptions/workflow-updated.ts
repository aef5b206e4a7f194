import { builder } from '../builder.ts';
import { SHARED } from '../shared.ts';
import { WorkflowRef } from '../types/refs.ts';

builder.subscriptionField('workflowUpdated', (t) =>
  t.field({
    type: WorkflowRef,
    extensions: SHARED,
    description:
      'The workflow as it is now, then as it is after changes: several may be merged, never reordered. Ends after ' +
      'the workflow has.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND.',
    args: { workflowId: t.arg.id({ required: true, description: 'The workflow to watch.' }) },
    subscribe: (_root, { workflowId }, { watch, viewerId }) => watch.workflowUpdated(viewerId, workflowId),
    resolve: (workflow) => workflow,
  }),
);
