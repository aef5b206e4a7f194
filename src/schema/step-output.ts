import { z } from 'zod';
import { AGENT_NAMES, AGENT_TITLES, type AgentName } from '../orchestrator/domain/agents.ts';
import { DEFAULT_CHANNEL, MAX_CHANNEL_LENGTH } from '../orchestrator/domain/step-output.ts';
import { parserOfAll } from '../orchestrator/inputs.ts';
import { present } from './arguments.ts';
import { builder } from './builder.ts';
import { StepOutputRef } from './refs.ts';
import { SHARED_PAYLOAD } from './shared-payload.ts';

StepOutputRef.implement({
  description:
    "Part of the text that a step's agent streams while it works. A client keeps a text for each channel: it cuts it at " +
    '`offset` and appends `text`.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Opaque. Pass it as `after` to resume after this part, in all channels that were received.',
    }),
    attempt: t.exposeInt('attempt', { description: 'The attempt whose text it is, counted from 1.' }),
    channel: t.exposeString('channel', {
      description: `The agent's name for the text; \`${DEFAULT_CHANNEL}\` if it gives none.`,
    }),
    offset: t.exposeInt('offset', {
      description:
        'Where `text` begins in the text of the channel, in UTF-16 units, as `length` counts in JavaScript; never within ' +
        'a surrogate pair. 0: the text begins anew, with another attempt, or because a call was repeated after its ' +
        'process died, which keeps the number of the attempt.',
    }),
    text: t.exposeString('text', {
      description: 'The text; empty if a text begins anew and nothing of it is written yet.',
    }),
  }),
});

/** `story`, `STORY` and `StoryAgent` are the same step. */
const stepNames = new Map<string, AgentName>(
  AGENT_NAMES.flatMap((agent) => [
    [agent, agent],
    [AGENT_TITLES[agent].toLowerCase(), agent],
  ]),
);
const STEP_NAMES = `must be one of ${AGENT_NAMES.join(', ')}`;

const stepOutput = z
  .object({
    workflowId: z.string(),
    step: z.string(),
    channel: z
      .string()
      .min(1, 'must not be empty; omit it to watch all channels')
      .max(MAX_CHANNEL_LENGTH, `must be at most ${MAX_CHANNEL_LENGTH} characters`)
      .nullish(),
    offset: z.int().min(0, 'must not be negative').nullish(),
    after: z.string().nullish(),
  })
  .refine(({ offset, after }) => offset == null || after == null, {
    path: ['offset'],
    message: 'cannot be combined with `after`',
  })
  .transform(({ workflowId, step, channel, offset, after }, context) => {
    const agent = stepNames.get(step.trim().toLowerCase());
    if (agent !== undefined) return { workflowId, agent, ...present({ channel, offset, after }) };
    context.addIssue({ code: 'custom', path: ['step'], message: STEP_NAMES });
    return z.NEVER;
  });
/** @throws {RequestError} INVALID_INPUT with the name of the argument */
const parseStepOutputArgs = parserOfAll(stepOutput);

builder.subscriptionField('stepOutput', (t) =>
  t.field({
    type: StepOutputRef,
    extensions: SHARED_PAYLOAD,
    description:
      'The text that a step’s agent streams while it works: what was written so far, then more as it is written, each part ' +
      'once and in order. When another attempt begins, its text begins at offset 0. Ends with the step; the result is what ' +
      'counts then.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; INVALID_INPUT with extensions.field.',
    args: {
      workflowId: t.arg.id({ required: true, description: 'The workflow.' }),
      step: t.arg.string({
        required: true,
        description:
          'The step: `story`, `asset`, `code` or `deploy`. The names of the enum AgentName and of the agents (`StoryAgent`) ' +
          'mean the same; case does not matter.',
      }),
      channel: t.arg.string({ description: 'Only this channel of the agent. Without it, all of them.' }),
      offset: t.arg.int({
        description:
          'Begin at this offset of the text that is being written now. A channel whose text is shorter begins at 0. After a ' +
          'lost connection, prefer `after`: it also knows the attempt.',
      }),
      after: t.arg.id({
        description:
          'The id of the last part that was received. If its text was replaced since, the new text comes from 0.',
      }),
    },
    subscribe: (_root, args, { subscriptions, viewerId }) =>
      subscriptions.stepOutput(viewerId, parseStepOutputArgs(args)),
    resolve: (output) => output,
  }),
);
