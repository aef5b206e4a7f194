import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { AgentNameRef } from '../enums/agent-name.ts';
import { StartWorkflowPayloadRef } from '../types/refs.ts';

builder.mutationField('retryWorkflow', (t) =>
  t.field({
    type: StartWorkflowPayloadRef,
    description:
      'Starts a new workflow for the same input in the same room. It keeps the results of the agents before `from`, ' +
      'which are not called again.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; NOTHING_TO_RETRY when all four succeeded and there is no `from`; ' +
      'WORKFLOW_ALREADY_RUNNING and IDEMPOTENCY_CONFLICT, with extensions.workflowId; INVALID_INPUT, with ' +
      'extensions.field.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the workflow to retry.' }),
      from: t.arg({
        type: AgentNameRef,
        description: 'The agent to begin with: the first one without a result, unless told, or an earlier one.',
      }),
      idempotencyKey: t.arg.string({ description: 'Makes the call safe to repeat, as in StartWorkflowInput.' }),
    },
    resolve: (_root, { id, from, idempotencyKey }, { workflows, viewerId }) =>
      workflows.retry(viewerId, id, present({ from, idempotencyKey })),
  }),
);
