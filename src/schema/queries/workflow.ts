import { builder } from '../builder.ts';
import { WorkflowRef } from '../types/refs.ts';

builder.queryField('workflow', (t) =>
  t.field({
    type: WorkflowRef,
    nullable: true,
    description: "A workflow of the viewer's; null when it does not exist or is another's: the two look the same.",
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.workflow.load(id),
  }),
);
