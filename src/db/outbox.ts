import { DELIVERY_LEASE_MS, type Delivery, type Outbox } from '../orchestrator/ports/outbox.ts';
import type { Db } from './client.ts';
import { interval } from './sql/lease.ts';

/** The deliveries of one topic. @see {@link Outbox} */
export function createOutbox({ $client: client }: Pick<Db, '$client'>, topic: string): Outbox {
  const taken = client`clock_timestamp() + ${interval(client, DELIVERY_LEASE_MS)}`;
  return {
    async add(key) {
      await client`
        insert into outbox (topic, key, attempt, available_at) values (${topic}, ${key}, 1, ${taken})
        on conflict (topic, key) do update set attempt = 1, available_at = excluded.available_at, error = null`;
      return { key, attempt: 1 };
    },

    async take(limit) {
      return client<Delivery[]>`
        with due as (
          -- Not clock_timestamp(): PostgreSQL before 18 would scan the whole table for it.
          select key from outbox where topic = ${topic} and available_at <= statement_timestamp()
          order by available_at limit ${limit} for no key update skip locked
        )
        update outbox set attempt = attempt + 1, available_at = ${taken}
        from due where outbox.topic = ${topic} and outbox.key = due.key
        returning outbox.key, attempt`;
    },

    async complete({ key }) {
      // Whoever took it meanwhile need not deliver it again.
      await client`delete from outbox where topic = ${topic} and key = ${key}`;
    },

    async postpone({ key, attempt }, error, delayMs) {
      const next = delayMs === null ? client`null` : client`clock_timestamp() + ${interval(client, delayMs)}`;
      await client`
        update outbox set available_at = ${next}, error = ${error}
        where topic = ${topic} and key = ${key} and attempt = ${attempt}`;
    },

    async revive() {
      const revived = await client`
        update outbox set attempt = 0, available_at = clock_timestamp() where topic = ${topic} and available_at is null`;
      return revived.count;
    },
  };
}
