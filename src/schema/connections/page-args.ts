import { invalidInput } from '../../orchestrator/errors.ts';
import type { NewestFirst } from '../../orchestrator/ports.ts';
import { builder } from '../builder.ts';
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
      "cursor or another list's is INVALID_INPUT.",
  }),
}));

type PageArgs = { first?: number | null | undefined; after?: string | null | undefined };

/** @throws {RequestError} INVALID_INPUT naming the field */
export function newestFirst({ first, after }: PageArgs, list: IdList): NewestFirst {
  return {
    first: countArg('first', first, MAX_FIRST) ?? DEFAULT_FIRST,
    ...(typeof after === 'string' && { afterId: idOfCursor(list, 'after', after) }),
  };
}

/**
 * How many items are asked for; undefined when it was not said.
 * @throws {RequestError} INVALID_INPUT naming the field
 */
export function countArg(field: string, count: number | null | undefined, max: number): number | undefined {
  if (count === null || count === undefined) return undefined;
  if (count < 1 || count > max) throw invalidInput(field, `must be from 1 to ${max.toLocaleString('en')}`);
  return count;
}
