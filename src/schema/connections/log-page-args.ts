import { seqOfLogCursor } from '../../orchestrator/domain/cursor.ts';
import { invalidInput } from '../../orchestrator/errors.ts';
import type { LogFilter, LogPage } from '../../orchestrator/ports.ts';
import { logFilterArgs } from '../args/log-filter-args.ts';
import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { foreignCursor } from './cursors.ts';
import { countArg } from './page-args.ts';

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
        "A cursor of this log, or a line's id: the range begins with the line that follows. An empty cursor or one " +
        "of another room's log is INVALID_INPUT.",
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

type Absent = null | undefined;
type LogPageArgs = {
  [K in keyof LogFilter]: LogFilter[K] | Absent;
} & { first?: number | Absent; after?: string | Absent; last?: number | Absent; before?: string | Absent };

/** @throws {RequestError} INVALID_INPUT naming the field */
export function logPage({ first, after, last, before, agentTypes, levels }: LogPageArgs, roomId: string): LogPage {
  const fromFirst = countArg('first', first, MAX_COUNT);
  const fromLast = countArg('last', last, MAX_COUNT);
  if (fromFirst !== undefined && fromLast !== undefined) throw invalidInput('first', 'cannot be given with `last`');
  return {
    from: fromLast === undefined ? 'first' : 'last',
    limit: fromFirst ?? fromLast ?? DEFAULT_COUNT,
    ...present({
      afterSeq: seqOfCursor(roomId, 'after', after),
      beforeSeq: seqOfCursor(roomId, 'before', before),
      agentTypes: unlessEmpty(agentTypes),
      levels: unlessEmpty(levels),
    }),
  };
}

function unlessEmpty<T>(list: readonly T[] | Absent): readonly T[] | undefined {
  return list === null || list === undefined || list.length === 0 ? undefined : list;
}

function seqOfCursor(roomId: string, field: string, cursor: string | Absent): number | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const seq = seqOfLogCursor(roomId, cursor);
  if (seq === null) throw foreignCursor(field);
  return seq;
}
