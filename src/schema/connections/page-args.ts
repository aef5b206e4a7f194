import { z } from 'zod';
import { count, parserOfAll } from '../../orchestrator/inputs.ts';
import type { NewestFirst } from '../../orchestrator/ports.ts';
import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { placeOf } from './cursor-check.ts';
import { type IdList, idOfCursor } from './cursors.ts';

const DEFAULT_FIRST = 20;
const MAX_FIRST = 100;

/** The arguments of a list that is newest first. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: `How many to return, from 1 to ${MAX_FIRST}; ${DEFAULT_FIRST} unless told. Otherwise INVALID_INPUT.`,
  }),
  after: t.string({
    description:
      'A cursor of this list: the page begins with the item that follows. Without it, with the newest. An empty ' +
      "cursor, another list's, or one of an item that it never had is INVALID_INPUT.",
  }),
}));

const page = z
  .object({ list: z.custom<IdList>(), first: count(MAX_FIRST).nullish(), after: z.string().nullish() })
  .transform(({ list, first, after }, context): NewestFirst => {
    const afterId = placeOf(context, 'after', after, (cursor) => idOfCursor(list, cursor));
    return { first: first ?? DEFAULT_FIRST, ...present({ afterId }) };
  });
const parsePage = parserOfAll(page);

type PageArgs = Omit<z.input<typeof page>, 'list'>;

/** @throws {RequestError} INVALID_INPUT naming the field */
export const newestFirst = (args: PageArgs, list: IdList): NewestFirst => parsePage({ ...args, list });
