/**
 * Cursors are opaque to clients: base64url of a kind and its parts. The parts name what the cursor belongs to (a room,
 * say), so that one from elsewhere is recognised and refused.
 */
export type CursorKind = 'log' | 'room' | 'workflow' | 'reward';

export function encodeCursor(kind: CursorKind, ...parts: readonly (string | number)[]): string {
  return Buffer.from([kind, ...parts].join('|'), 'utf8').toString('base64url');
}

/** The parts of a cursor of this kind, or null for one that is empty, foreign or malformed. */
export function decodeCursor(kind: CursorKind, cursor: string): string[] | null {
  const [found, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  // Encoding it again refuses everything that base64url decoding lets slip through.
  if (found !== kind || encodeCursor(kind, ...parts) !== cursor) return null;
  return parts;
}

/** The id of a log line, which is also its cursor. */
export function logCursor(roomId: string, seq: number): string {
  return encodeCursor('log', roomId, seq);
}

/** Whether a cursor of this line can have been given out: lines that were removed since count. */
export const isWritten = (seq: number, lastSeq: number): boolean => seq <= lastSeq;

/** The `seq` that a log line's id stands for, or null when it is not the id of a line of this room. */
export function seqOfLogCursor(roomId: string, cursor: string): number | null {
  const parts = decodeCursor('log', cursor);
  if (parts?.length !== 2 || parts[0] !== roomId || !/^(0|[1-9]\d{0,14})$/.test(parts[1] ?? '')) return null;
  return Number(parts[1]);
}

/** Ids are UUIDs in lower case; anything else is an id of nothing, which Postgres must not be asked for. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
