import { type CursorKind, decodeCursor, encodeCursor } from '../../orchestrator/domain/cursor.ts';
import { isUuid } from '../../orchestrator/domain/id.ts';
import { invalidInput } from '../../orchestrator/errors.ts';

/** A list that is paged by id: what it holds and whose it is (a viewer's or a room's id). Its cursors fit no other. */
export type IdList = { kind: Exclude<CursorKind, 'log'>; ownerId: string };

export function cursorOfId({ kind, ownerId }: IdList, id: string): string {
  return encodeCursor(kind, ownerId, id);
}

/** @throws {RequestError} INVALID_INPUT naming the field: the cursor is empty, malformed or another list's */
export function idOfCursor(list: IdList, field: string, cursor: string): string {
  // A viewer's id may hold any character, the separator too; so the cursor is made again and compared.
  const id = decodeCursor(list.kind, cursor)?.at(-1);
  if (id === undefined || !isUuid(id) || cursorOfId(list, id) !== cursor) throw foreignCursor(field);
  return id;
}

export function foreignCursor(field: string) {
  return invalidInput(field, 'is not a cursor of this list');
}
