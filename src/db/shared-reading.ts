import type { Sql } from './client.ts';

/**
 * Something that is expensive to read and that every process wants to know: the first that asks after `maxAgeMs` reads
 * it, and the others are given what it found.
 * @param read its result must be plain JSON
 */
export function createSharedReading<T>(
  client: Sql,
  name: string,
  maxAgeMs: number,
  read: () => Promise<T>,
): () => Promise<T> {
  const isOld = () => client`read_at <= clock_timestamp() - ${maxAgeMs}::float * interval '1 millisecond'`;
  return async () => {
    const [known] = await client<{ data: T; is_old: boolean }[]>`
      select data, ${isOld()} as is_old from shared_readings where name = ${name}`;
    if (known !== undefined && !known.is_old) return known.data;
    // Whoever moves `read_at` is the one that reads; the others have not long to wait for a newer reading.
    const claimed = await client`
      update shared_readings set read_at = clock_timestamp() where name = ${name} and ${isOld()}`;
    if (known !== undefined && claimed.count === 0) return known.data;
    const data = await read();
    await client`
      insert into shared_readings (name, read_at, data)
      values (${name}, clock_timestamp(), ${JSON.stringify(data)}::json)
      on conflict (name) do update set read_at = excluded.read_at, data = excluded.data`;
    return data;
  };
}
