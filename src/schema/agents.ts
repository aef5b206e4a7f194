import { builder } from './builder.ts';
import { AgentNameRef } from './enums.ts';
import { AgentRef } from './refs.ts';

AgentRef.implement({
  description: 'One of the four agents: whether it can be reached, and what it is doing for all viewers.',
  fields: (t) => ({
    name: t.expose('agent', { type: AgentNameRef, description: 'The agent.' }),
    url: t.exposeString('url', {
      nullable: true,
      description:
        'Where the agent is called, without user and password. Only for the viewer `local`; null for others, and ' +
        'if the process that answers does not know it.',
    }),
    healthy: t.boolean({
      nullable: true,
      description:
        'Whether the agent answered the latest health check with 200. The process that answers makes a check when the ' +
        'last one is more than five seconds old. Null if it does not know the URL, if the first check is not over, or if ' +
        'the agent has no health check: it answers 404, 405 or 501.',
      resolve: ({ health }) => health?.isHealthy ?? null,
    }),
    unhealthySince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the first of the failed health checks in a row was made; null unless `healthy` is false.',
      resolve: ({ health }) => health?.unhealthySince ?? null,
    }),
    problem: t.string({
      nullable: true,
      description:
        'What is wrong, readable; null unless `healthy` is false. It names a host, so it is only for the viewer `local`.',
      resolve: ({ health }) => health?.problem ?? null,
    }),
    checkedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the latest health check was made.',
      resolve: ({ health }) => health?.checkedAt ?? null,
    }),
    latencyMs: t.float({
      nullable: true,
      description: 'Duration of the latest health check in milliseconds.',
      resolve: ({ health }) => health?.latencyMs ?? null,
    }),
    running: t.exposeInt('running', { description: 'Calls in progress, over all processes.' }),
    limit: t.exposeInt('limit', {
      nullable: true,
      description:
        'How many calls all workers together may make at once, if they have the limits of the process that answers; 0 ' +
        'while no worker runs.',
    }),
    waiting: t.exposeInt('waiting', {
      description: 'Steps whose call could begin now, but for a slot. Steps that wait to retry do not count.',
    }),
    oldestWaitingSeconds: t.float({
      nullable: true,
      description: 'How long the longest of these has waited; null if none waits.',
      resolve: ({ oldestWaitingMs }) => (oldestWaitingMs === null ? null : oldestWaitingMs / 1_000),
    }),
    recentFailures: t.exposeInt('recentFailures', {
      description: 'Attempts that began in the last ten minutes and failed.',
    }),
  }),
});

builder.queryField('agents', (t) =>
  t.field({
    type: [AgentRef],
    description:
      'The agents in the order in which they run, with the work of all viewers. Figures are about a second old at most, and older while many thousand steps wait. ' +
      'Not available with a room token (UNAUTHENTICATED).',
    resolve: (_root, _args, { reportAgents }) => reportAgents(),
  }),
);
