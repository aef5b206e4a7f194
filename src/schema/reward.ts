import { connectionOf } from './pagination.ts';
import { RewardRef } from './refs.ts';

RewardRef.implement({
  description: 'HHCW tokens paid for a workflow whose four agents all succeeded. A workflow is rewarded at most once.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    amount: t.exposeInt('amount', { description: 'In whole HHCW tokens.' }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow that earned the reward.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the reward was paid.' }),
  }),
});

export const RewardConnectionRef = connectionOf('Reward', RewardRef, 'A page of rewards, newest first.');
