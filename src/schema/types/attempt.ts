import { AgentErrorCodeRef } from '../enums/agent-error-code.ts';
import { AttemptRef } from './refs.ts';

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
