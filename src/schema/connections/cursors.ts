import { type CursorKind, decodeCursor, encodeCursor } from '../../orchestrator/domain/cursor.ts';
import { isUuid } from '../../orchestrator/domain/id.ts';
import { invalidInput } from '../../orchestrator/errors.ts';

/** A list that is paged by id: what it holds and whose it is (a viewer's or a room's id). Its cursors fit no other. */
export type IdList = { kind: Exclude<CursorKind, 'log'>; ownerId: string };

export function cursorOfId({ kind, ownerId }: IdList, id: string): string {
  return encodeCursor(kind, ownerId, id);
}

/** Null: the cursor is empty, malformed or another list's. */
export function idOfCursor(list: IdList, cursor: string): string | null {
  // A viewer's id may hold any character, the separator too; so the cursor is made again and compared.
  const id = decodeCursor(list.kind, cursor)?.at(-1);
  return id === undefined || !isUuid(id) || cursorOfId(list, id) !== cursor ? null : id;
}

export const FOREIGN_CURSOR = 'is not a cursor of this list';

export const foreignCursor = (field: string) => invalidInput(field, FOREIGN_CURSOR);
