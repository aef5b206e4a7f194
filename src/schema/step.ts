import { AgentErrorCodeRef, AgentNameRef, StepStatusRef } from './enums.ts';
import { AttemptRef, StepRef } from './refs.ts';

StepRef.implement({
  description: "One agent's place in a workflow.",
  fields: (t) => ({
    agent: t.expose('agent', { type: AgentNameRef, description: 'Whose step it is.' }),
    status: t.expose('status', { type: StepStatusRef, description: 'Where it stands.' }),
    attempts: t.field({
      type: [AttemptRef],
      description:
        'The calls made, by number, one entry a number: a call made again after its process died keeps its number. ' +
        'Empty for a result that a retry took over.',
      resolve: (step, _args, { loaders }) => loaders.attempts.load(step),
    }),
    result: t.field({
      type: 'JSON',
      nullable: true,
      description: "The agent's own answer, unknown fields included; null until it succeeded. It may be 10 MiB.",
      resolve: (step, _args, { loaders }) => loaders.result.load(step),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the latest attempt failed, for a person.',
    }),
    errorCode: t.expose('errorCode', {
      type: AgentErrorCodeRef,
      nullable: true,
      description: 'Why the latest attempt failed, for a program; set together with `error`.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due; set exactly while the status is WAITING_TO_RETRY.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its first attempt began; null before.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it succeeded, failed for good or was cancelled; null before.',
    }),
  }),
});

AttemptRef.implement({
  description: 'One call of an agent.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counted from 1 in its step.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the call began.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, well or not; null while it is under way.',
    }),
    durationMs: t.int({
      nullable: true,
      description: 'From its beginning to its end, in milliseconds; null while it is under way.',
      resolve: ({ startedAt, finishedAt }) => finishedAt && finishedAt.getTime() - startedAt.getTime(),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, for a person; null when it did not.',
    }),
    errorCode: t.expose('errorCode', {
      type: AgentErrorCodeRef,
      nullable: true,
      description: 'Why it failed, for a program; set together with `error`.',
    }),
    httpStatus: t.exposeInt('httpStatus', {
      nullable: true,
      description: 'The HTTP status of the answer, where it failed and there was one.',
    }),
  }),
});
