import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import postgres from 'postgres';

/** Runs one statement on a connection of its own and returns the rows. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe<Record<string, unknown>[]>(statement))];
  } finally {
    // Without a limit it waits for ever once the server has cut a session short.
    await sql.end({ timeout: 0 });
  }
}

/** Commits something that only this call knows of. */
export async function leaveMark(url: string): Promise<string> {
  const mark = `mark-${randomUUID()}`;
  await query(url, `CREATE TABLE "${mark}" ()`);
  return mark;
}

/** Is what `leaveMark` committed still there? */
export async function hasMark(url: string, mark: string): Promise<boolean> {
  return (await query(url, `SELECT FROM pg_class WHERE relname = '${mark}'`)).length === 1;
}

/** Does a process with this id exist? */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
