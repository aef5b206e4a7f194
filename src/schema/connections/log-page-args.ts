import { z } from 'zod';
import { AGENT_TYPES } from '../../orchestrator/domain/agents.ts';
import { seqOfLogCursor } from '../../orchestrator/domain/cursor.ts';
import { LOG_LEVELS } from '../../orchestrator/domain/log-line.ts';
import { count, parserOfAll } from '../../orchestrator/inputs.ts';
import type { LogPage } from '../../orchestrator/ports.ts';
import { logFilterArgs } from '../args/log-filter-args.ts';
import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { placeOf } from './cursor-check.ts';

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
