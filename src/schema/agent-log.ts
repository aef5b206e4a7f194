import { z } from 'zod';
import { AGENT_TYPES } from '../orchestrator/domain/agents.ts';
import { seqOfLogCursor } from '../orchestrator/domain/cursor.ts';
import { LOG_LEVELS } from '../orchestrator/domain/log-line.ts';
import { count, parserOfAll } from '../orchestrator/inputs.ts';
import type { LogPage } from '../orchestrator/ports/reads.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { AgentTypeRef, LogLevelRef } from './enums.ts';
import { placeOf } from './page-args.ts';
import { present } from './present.ts';
import { AgentLogRef } from './refs.ts';
import { SHARED } from './shared-payload.ts';

AgentLogRef.implement({
  description: "A line of a room's log.",
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "Opaque, and the same as its edge's cursor: passed as `after`, one reads on behind this line.",
    }),
    seq: t.exposeInt('seq', {
      description: "Its place in the room's log: 1, 2, 3 … without gaps, over all workflows.",
    }),
    timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it was written.' }),
    agentType: t.expose('agentType', { type: AgentTypeRef, description: 'Who wrote it.' }),
    level: t.expose('level', { type: LogLevelRef, description: 'What kind of news it is.' }),
    message: t.exposeString('message', { description: 'For a person.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description:
        'For a program: an object, or null. Lines of the orchestrator name their `event`; times end in `Ms`.',
    }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow it belongs to.' }),
  }),
});

/** Which lines of a log to show; `seq` counts the others as well. */
const logFilterArgs = builder.args((t) => ({
  agentTypes: t.field({
    type: [AgentTypeRef],
    description: "Only lines written by one of these; everyone's unless told. An empty list counts as absent.",
  }),
  levels: t.field({
    type: [LogLevelRef],
    description: 'Only lines of one of these levels; of all unless told. An empty list counts as absent.',
  }),
}));

const DEFAULT_COUNT = 100;
const MAX_COUNT = 1_000;

/** The arguments of a room's log, which is oldest first and read from either end. */
export const logPageArgs = {
  ...builder.args((t) => ({
    first: t.int({
      description:
        `How many lines to return from the beginning of the range, from 1 to 1,000; ${DEFAULT_COUNT} unless ` +
        '`last` is given. Together with `last`: INVALID_INPUT.',
    }),
    after: t.string({
      description:
        "A cursor of this log, or a line's id: the range begins with the line that follows. An empty cursor, one of " +
        "another room's log or of a line that was never written is INVALID_INPUT.",
    }),
    last: t.int({
      description:
        'How many lines to return from the end of the range, from 1 to 1,000. They are oldest first as well.',
    }),
    before: t.string({
      description:
        "A cursor of this log, or a line's id: the range ends with the line ahead of it. Otherwise as `after`.",
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
    message: 'cannot be given with `last`',
  })
  .transform(({ roomId, first, last, after, before, agentTypes, levels }, context): LogPage => {
    const seqOf = (cursor: string) => seqOfLogCursor(roomId, cursor);
    return {
      from: last == null ? 'first' : 'last',
      limit: first ?? last ?? DEFAULT_COUNT,
      ...present({
        afterSeq: placeOf(context, 'after', after, seqOf),
        beforeSeq: placeOf(context, 'before', before, seqOf),
        agentTypes: unlessEmpty(agentTypes),
        levels: unlessEmpty(levels),
      }),
    };
  });
const parsePage = parserOfAll(page);

type LogPageArgs = Omit<z.input<typeof page>, 'roomId'>;

/** @throws {RequestError} INVALID_INPUT naming the field */
export const logPage = (args: LogPageArgs, roomId: string): LogPage => parsePage({ ...args, roomId });

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
    extensions: SHARED,
    description:
      'Every line after the one whose id is `after`, in order, each exactly once, then the new ones as they are ' +
      'written. Does not end by itself, except with `workflowId`: after the last line of that workflow.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_NOT_FOUND; INVALID_INPUT, with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room whose log to watch.' }),
      after: t.arg.id({
        description:
          "The id of the last line that was seen, or a logCursor. Without it, from the first line of the room's latest " +
          "workflow. An empty id or one of another room's log is INVALID_INPUT.",
      }),
      workflowId: t.arg.id({ description: 'Only the lines of this workflow of the room.' }),
      ...logFilterArgs,
    },
    subscribe: (_root, { roomId, workflowId, after, agentTypes, levels }, { watch, viewerId }) =>
      watch.agentLogs(viewerId, {
        roomId,
        ...present({ workflowId, after, agentTypes, levels }),
      }),
    resolve: (line) => line,
  }),
);
