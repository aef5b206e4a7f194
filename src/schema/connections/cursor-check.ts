import { z } from 'zod';
import { FOREIGN_CURSOR } from './cursors.ts';

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
