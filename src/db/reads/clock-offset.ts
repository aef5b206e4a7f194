import type { Sql } from '../client.ts';

/** How far the clock of PostgreSQL is ahead of this process's, in ms; exact to half the time that the answer takes. */
export async function readClockOffset(client: Sql): Promise<number> {
  const askedAt = Date.now();
  const [row] = await client<{ now: number }[]>`select extract(epoch from clock_timestamp())::float * 1000 as now`;
  return (row?.now ?? askedAt) - (askedAt + Date.now()) / 2;
}
