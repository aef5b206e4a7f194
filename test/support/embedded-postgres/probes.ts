import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import postgres from 'postgres';

/** Runs one statement on a new connection and returns its rows. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe<Record<string, unknown>[]>(statement))];
  } finally {
    // Without a timeout this never resolves once the server has terminated a session.
    await sql.end({ timeout: 0 });
  }
}

/** Commits a uniquely named table, so that its presence proves that data was kept. @returns its name */
export async function leaveMark(url: string): Promise<string> {
  const mark = `mark-${randomUUID()}`;
  await query(url, `CREATE TABLE "${mark}" ()`);
  return mark;
}

/** Whether the table that `leaveMark` committed is still there. */
export async function hasMark(url: string, mark: string): Promise<boolean> {
  return (await query(url, `SELECT FROM pg_class WHERE relname = '${mark}'`)).length === 1;
}

/** Whether a process with this id exists. */
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
