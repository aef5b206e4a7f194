import { logFilterArgs } from '../args/log-filter-args.ts';
import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { SHARED } from '../shared.ts';
import { AgentLogRef } from '../types/refs.ts';

builder.subscriptionField('agentLogs', (t) =>
  t.field({
    type: AgentLogRef,
    extensions: SHARED,
    description:
      'Every line after the one whose id is `after`, in order, each exactly once, then the new ones as they are ' +
      'written. Does not end by itself, except with `workflowId`: after the last line of that workflow.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_NOT_FOUND; INVALID_INPUT, with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room whose log to watch.' }),
      after: t.arg.id({
        description:
          "The id of the last line that was seen, or a logCursor. Without it, from the first line of the room's latest " +
          "workflow. An empty id or one of another room's log is INVALID_INPUT.",
      }),
      workflowId: t.arg.id({ description: 'Only the lines of this workflow of the room.' }),
      ...logFilterArgs,
    },
    subscribe: (_root, { roomId, workflowId, after, agentTypes, levels }, { watch, viewerId }) =>
      watch.agentLogs(viewerId, {
        roomId,
        ...present({ workflowId, after, agentTypes, levels }),
      }),
    resolve: (line) => line,
  }),
);
