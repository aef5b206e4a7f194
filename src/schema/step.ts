import { agentInput } from '../orchestrator/domain/agent-input.ts';
import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import type { StepRecord } from '../orchestrator/ports/records.ts';
import type { GraphQLContext } from './context.ts';
import { AgentErrorCodeRef, AgentNameRef, StepStatusRef } from './enums.ts';
import { AttemptRef, StepOutputRef, StepRef } from './refs.ts';

StepRef.implement({
  description: "One agent's part of a workflow.",
  fields: (t) => ({
    agent: t.expose('agent', { type: AgentNameRef, description: 'The agent that performs the step.' }),
    status: t.expose('status', { type: StepStatusRef, description: 'The current status.' }),
    attempts: t.field({
      type: [AttemptRef],
      description:
        'The calls of the agent, ordered by number. A call that is repeated because its process died keeps its number ' +
        'and is listed once. Empty if a retry took the result over from an earlier workflow.',
      resolve: (step, _args, { loaders }) => loaders.attempts.load(step),
    }),
    input: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The JSON body that the agent is sent; null until the first attempt begins.',
      resolve: (step, _args, context) => inputOf(step, context),
    }),
    timeoutMs: t.int({
      description: 'How long one call of the agent may take, in milliseconds, as configured now.',
      resolve: (step, _args, { agentTimeoutsMs }) => agentTimeoutsMs[step.agent],
    }),
    result: t.field({
      type: 'JSON',
      nullable: true,
      description: "The agent's result, including unknown fields; null until the step succeeds. Up to 10 MiB.",
      resolve: (step, _args, { loaders }) => loaders.result.load(step),
    }),
    output: t.field({
      type: [StepOutputRef],
      description:
        'The text that the last attempt has streamed so far, an item for each channel that has any, ordered by channel; ' +
        'also after the step has ended. It may be incomplete: the result is what counts. Empty if the agent streams none.',
      resolve: (step, _args, { loaders }) => loaders.output.load(step),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'A readable description of why the latest attempt failed.',
    }),
    errorCode: t.expose('errorCode', {
      type: AgentErrorCodeRef,
      nullable: true,
      description: 'Why the latest attempt failed, as a code. Set together with `error`.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due; set only while the status is WAITING_TO_RETRY.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first attempt began; null before that.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step succeeded, failed or was cancelled; null before that.',
    }),
  }),
});

AttemptRef.implement({
  description: 'One call of an agent.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counted from 1 within the step.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the call began.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the call succeeded or failed; null while it is in progress.',
    }),
    durationMs: t.int({
      nullable: true,
      description: 'Duration of the call in milliseconds; null while it is in progress.',
      resolve: ({ startedAt, finishedAt }) => finishedAt && finishedAt.getTime() - startedAt.getTime(),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'A readable description of why the call failed; null if it did not.',
    }),
    errorCode: t.expose('errorCode', {
      type: AgentErrorCodeRef,
      nullable: true,
      description: 'Why the call failed, as a code. Set together with `error`.',
    }),
    httpStatus: t.exposeInt('httpStatus', {
      nullable: true,
      description: 'The HTTP status of the response, if the call failed and there was one.',
    }),
  }),
});

/** The results that an agent is sent are those of the agents before it, which no longer change once it is called. */
async function inputOf({ workflowId, agent, startedAt }: StepRecord, { loaders }: GraphQLContext) {
  const workflow = startedAt === null ? null : await loaders.workflow.load(workflowId);
  if (workflow === null) return null;
  const before = AGENT_NAMES.slice(0, AGENT_NAMES.indexOf(agent));
  const results = await Promise.all(
    before.map(async (name) => [name, await loaders.result.load({ workflowId, agent: name })] as const),
  );
  const known = Object.fromEntries(results.filter(([, result]) => result !== null));
  return agentInput(agent, { ...workflow, userId: workflow.viewerId, results: known });
}
