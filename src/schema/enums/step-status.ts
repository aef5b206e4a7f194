import { STEP_STATUSES } from '../../orchestrator/domain/workflow.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const StepStatusRef = builder.enumType('StepStatus', {
  description: "Where one agent's place in a workflow stands. SUCCEEDED, FAILED and CANCELLED are final.",
  values: enumValues(STEP_STATUSES, {
    pending: 'Its turn has not come, or no worker has taken it yet.',
    running: 'The agent is being called.',
    waiting_to_retry: 'An attempt failed; the next one is due at `nextAttemptAt`.',
    succeeded: "The agent's result is saved.",
    failed: 'No attempt is left, or the agent said that another would fail as well. The chain goes on without it.',
    cancelled: 'The workflow was cancelled before there was a result.',
  }),
});
