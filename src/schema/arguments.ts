import { z } from 'zod';
import { type CursorKind, decodeCursor, encodeCursor, isUuid } from '../orchestrator/domain/cursor.ts';
import { count, parserOfAll } from '../orchestrator/inputs.ts';
import type { NewestFirst } from '../orchestrator/ports/reads.ts';
import { invalidInput } from '../orchestrator/request-error.ts';
import { builder } from './builder.ts';

type Present<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** The arguments that have a value. A null argument counts as absent. */
export function present<T extends Record<string, unknown>>(args: T): Present<T> {
  const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Present<T>;
}

/** A list paged by id: what it holds, and the id of the viewer or room it belongs to. Its cursors fit no other list. */
export type IdList = { kind: Exclude<CursorKind, 'log' | 'output'>; ownerId: string };

export function cursorOfId({ kind, ownerId }: IdList, id: string): string {
  return encodeCursor(kind, ownerId, id);
}

/** Null: the cursor is empty, malformed or another list's. */
function idOfCursor(list: IdList, cursor: string): string | null {
  // A viewer's id may contain any character, including the separator; so the cursor is encoded again and compared.
  const id = decodeCursor(list.kind, cursor)?.at(-1);
  return id === undefined || !isUuid(id) || cursorOfId(list, id) !== cursor ? null : id;
}

const UNKNOWN_CURSOR = 'is not a cursor of this list';

export const unknownCursor = (field: string) => invalidInput(field, UNKNOWN_CURSOR);

/**
 * The position that a cursor argument encodes; a null cursor counts as absent.
 * @param decode returns null for a cursor that is not the list's, which becomes an issue of the field
 */
export function cursorArg<T>(
  context: z.RefinementCtx,
  field: string,
  cursor: string | null | undefined,
  decode: (cursor: string) => T | null,
): T | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const position = decode(cursor);
  if (position !== null) return position;
  context.addIssue({ code: 'custom', path: [field], message: UNKNOWN_CURSOR });
  return z.NEVER;
}

const DEFAULT_FIRST = 20;
const MAX_FIRST = 100;

/** The arguments of a list that is newest first. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: `Number of items to return, from 1 to ${MAX_FIRST}. Defaults to ${DEFAULT_FIRST}.`,
  }),
  after: t.string({
    description:
      'Return the items that follow this cursor. Without it, the page begins with the newest item. A cursor of ' +
      'another list is INVALID_INPUT.',
  }),
}));

const page = z
  .object({ list: z.custom<IdList>(), first: count(MAX_FIRST).nullish(), after: z.string().nullish() })
  .transform(({ list, first, after }, context): NewestFirst => {
    const afterId = cursorArg(context, 'after', after, (cursor) => idOfCursor(list, cursor));
    return { first: first ?? DEFAULT_FIRST, ...present({ afterId }) };
  });
const parsePage = parserOfAll(page);

type PageArgs = Omit<z.input<typeof page>, 'list'>;

/** @throws {RequestError} INVALID_INPUT with the name of the argument */
export const parsePageArgs = (args: PageArgs, list: IdList): NewestFirst => parsePage({ ...args, list });
