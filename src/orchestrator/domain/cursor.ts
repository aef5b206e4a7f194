/**
 * Cursors are opaque to clients: base64url of a kind and its parts. The parts include what the cursor belongs to, such as
 * a room, so that a cursor of another list is detected and refused.
 */
export type CursorKind = 'log' | 'output' | 'room' | 'workflow' | 'reward';

export function encodeCursor(kind: CursorKind, ...parts: readonly (string | number)[]): string {
  return Buffer.from([kind, ...parts].join('|'), 'utf8').toString('base64url');
}

/** The parts of a cursor of this kind, or null for one that is empty, malformed or of another kind. */
export function decodeCursor(kind: CursorKind, cursor: string): string[] | null {
  const [found, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  // Encoding it again reveals malformed text that base64url decoding tolerates.
  if (found !== kind || encodeCursor(kind, ...parts) !== cursor) return null;
  return parts;
}

/** The id of a log line, which is also its cursor. */
export function logCursor(roomId: string, seq: number): string {
  return encodeCursor('log', roomId, seq);
}

/** Whether a line with this `seq` was ever written; it may have been removed since. */
export const isWritten = (seq: number, lastSeq: number): boolean => seq <= lastSeq;

/** The `seq` of the log line with this id, or null if it is not the id of a line of this room. */
export function seqOfLogCursor(roomId: string, cursor: string): number | null {
  const parts = decodeCursor('log', cursor);
  if (parts?.length !== 2 || parts[0] !== roomId || !/^(0|[1-9]\d{0,14})$/.test(parts[1] ?? '')) return null;
  return Number(parts[1]);
}

/** Ids are UUIDs in lower case. Anything else matches no row, and Postgres would reject the cast to uuid. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
