import { z } from 'zod';
import { AGENT_TYPES } from '../orchestrator/domain/agents.ts';
import { seqOfLogCursor } from '../orchestrator/domain/cursor.ts';
import { LOG_LEVELS } from '../orchestrator/domain/log-line.ts';
import { count, parserOfAll } from '../orchestrator/inputs.ts';
import type { LogPage } from '../orchestrator/ports/reads.ts';
import { cursorArg, present } from './arguments.ts';
import { builder } from './builder.ts';
import { AgentTypeRef, LogLevelRef } from './enums.ts';
import { connectionOf } from './pagination.ts';
import { AgentLogRef } from './refs.ts';
import { SHARED_PAYLOAD } from './shared-payload.ts';

AgentLogRef.implement({
  description: "A line of a room's log.",
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "Opaque, and equal to the cursor of the line's edge. Pass it as `after` to resume after this line.",
    }),
    seq: t.exposeInt('seq', {
      description: "The position in the room's log: 1, 2, 3 … without gaps, across all workflows.",
    }),
    timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When the line was written.' }),
    agentType: t.expose('agentType', { type: AgentTypeRef, description: 'Who wrote the line.' }),
    level: t.expose('level', { type: LogLevelRef, description: 'The severity of the line.' }),
    message: t.exposeString('message', { description: 'Readable text.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description:
        'An object for programs, or null. Lines written by the orchestrator name their `event`; names of durations ' +
        'end in `Ms`.',
    }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow that the line belongs to.' }),
  }),
});

/** Arguments that select lines. `seq` also counts the lines that are filtered out. */
const logFilterArgs = builder.args((t) => ({
  agentTypes: t.field({
    type: [AgentTypeRef],
    description: 'Only lines written by one of these. An empty list counts as absent.',
  }),
  levels: t.field({
    type: [LogLevelRef],
    description: 'Only lines of one of these levels. An empty list counts as absent.',
  }),
}));

const DEFAULT_COUNT = 100;
const MAX_COUNT = 1_000;

/** The arguments of a room's log, which is oldest first and can be read from either end. */
export const logPageArgs = {
  ...builder.args((t) => ({
    first: t.int({
      description:
        'Return this many lines from the beginning of the range, 1 to 1,000. Defaults to ' +
        `${DEFAULT_COUNT} unless \`last\` is given; both together are INVALID_INPUT.`,
    }),
    after: t.string({
      description:
        'Only lines after this one: a cursor of this log, or the id of a line. A cursor of another log, or of a line ' +
        'that was never written, is INVALID_INPUT.',
    }),
    last: t.int({
      description: 'Return this many lines from the end of the range, 1 to 1,000, also oldest first.',
    }),
    before: t.string({
      description: 'Only lines before this one: a cursor of this log, or the id of a line.',
    }),
  })),
  ...logFilterArgs,
};

const page = z
  .object({
    roomId: z.string(),
    first: count(MAX_COUNT).nullish(),
    last: count(MAX_COUNT).nullish(),
    after: z.string().nullish(),
    before: z.string().nullish(),
    agentTypes: z.array(z.enum(AGENT_TYPES)).nullish(),
    levels: z.array(z.enum(LOG_LEVELS)).nullish(),
  })
  .refine(({ first, last }) => first == null || last == null, {
    path: ['first'],
    message: 'cannot be combined with `last`',
  })
  .transform(({ roomId, first, last, after, before, agentTypes, levels }, context): LogPage => {
    const seqOf = (cursor: string) => seqOfLogCursor(roomId, cursor);
    return {
      from: last == null ? 'first' : 'last',
      limit: first ?? last ?? DEFAULT_COUNT,
      ...present({
        afterSeq: cursorArg(context, 'after', after, seqOf),
        beforeSeq: cursorArg(context, 'before', before, seqOf),
        agentTypes: unlessEmpty(agentTypes),
        levels: unlessEmpty(levels),
      }),
    };
  });
const parsePage = parserOfAll(page);

type LogPageArgs = Omit<z.input<typeof page>, 'roomId'>;

/** @throws {RequestError} INVALID_INPUT with the name of the argument */
export const parseLogPageArgs = (args: LogPageArgs, roomId: string): LogPage => parsePage({ ...args, roomId });

function unlessEmpty<T>(list: readonly T[] | null | undefined): readonly T[] | undefined {
  return list === null || list === undefined || list.length === 0 ? undefined : list;
}

export const AgentLogConnectionRef = connectionOf(
  'AgentLog',
  AgentLogRef,
  "A page of a room's log, oldest line first.",
);

builder.subscriptionField('agentLogs', (t) =>
  t.field({
    type: AgentLogRef,
    extensions: SHARED_PAYLOAD,
    description:
      "A room's log, live: every line after the one whose id is `after`, in order, each exactly once, then new lines " +
      'as they are written. Does not end by itself. With `workflowId`, it ends after the last line of that workflow.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_NOT_FOUND; INVALID_INPUT with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room whose log to watch.' }),
      after: t.arg.id({
        description:
          'The id of the last line that was received, or a logCursor. Without it, the subscription begins with the ' +
          "first line of the room's latest workflow. An id of another room's log is INVALID_INPUT.",
      }),
      workflowId: t.arg.id({ description: 'Only the lines of this workflow.' }),
      ...logFilterArgs,
    },
    subscribe: (_root, { roomId, workflowId, after, agentTypes, levels }, { subscriptions, viewerId }) =>
      subscriptions.agentLogs(viewerId, { roomId, ...present({ workflowId, after, agentTypes, levels }) }),
    resolve: (line) => line,
  }),
);
