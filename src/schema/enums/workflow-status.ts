import { WORKFLOW_STATUSES } from '../../orchestrator/domain/workflow.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const WorkflowStatusRef = builder.enumType('WorkflowStatus', {
  description: 'Where a workflow stands. SUCCEEDED, FAILED and CANCELLED are final.',
  values: enumValues(WORKFLOW_STATUSES, {
    queued: "It waits until fewer of the viewer's workflows run.",
    running: 'Its agents are at work, or wait for their next attempt.',
    succeeded: 'All four agents succeeded; the reward is paid.',
    failed: 'It ran to its end, but at least one agent failed. The results of the others are kept; no reward is paid.',
    cancelled: 'It was stopped by cancelWorkflow. The results until then are kept; no reward is paid.',
  }),
});
