import { connectionOf } from './connection.ts';
import { RewardRef } from './refs.ts';

export const RewardConnectionRef = connectionOf('Reward', RewardRef, 'A page of rewards, newest first.');

RewardRef.implement({
  description: 'Tokens paid for a workflow whose four agents succeeded; at most once a workflow.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    amount: t.exposeInt('amount', { description: 'In whole HHCW tokens.' }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow it was paid for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was paid.' }),
  }),
});
