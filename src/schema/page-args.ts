import { z } from 'zod';
import { type CursorKind, decodeCursor, encodeCursor, isUuid } from '../orchestrator/domain/cursor.ts';
import { invalidInput } from '../orchestrator/errors.ts';
import { count, parserOfAll } from '../orchestrator/inputs.ts';
import type { NewestFirst } from '../orchestrator/ports/reads.ts';
import { builder } from './builder.ts';
import { present } from './present.ts';

/** A list that is paged by id: what it holds and whose it is (a viewer's or a room's id). Its cursors fit no other. */
export type IdList = { kind: Exclude<CursorKind, 'log'>; ownerId: string };

export function cursorOfId({ kind, ownerId }: IdList, id: string): string {
  return encodeCursor(kind, ownerId, id);
}

/** Null: the cursor is empty, malformed or another list's. */
function idOfCursor(list: IdList, cursor: string): string | null {
  // A viewer's id may hold any character, the separator too; so the cursor is made again and compared.
  const id = decodeCursor(list.kind, cursor)?.at(-1);
  return id === undefined || !isUuid(id) || cursorOfId(list, id) !== cursor ? null : id;
}

const FOREIGN_CURSOR = 'is not a cursor of this list';

export const foreignCursor = (field: string) => invalidInput(field, FOREIGN_CURSOR);

/** What a cursor stands for in its list; null counts as absent, and what stands for nothing is refused by its name. */
export function placeOf<T>(
  context: z.RefinementCtx,
  field: string,
  cursor: string | null | undefined,
  read: (cursor: string) => T | null,
): T | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const place = read(cursor);
  if (place !== null) return place;
  context.addIssue({ code: 'custom', path: [field], message: FOREIGN_CURSOR });
  return z.NEVER;
}

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
