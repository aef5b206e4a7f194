import { randomUUID } from 'node:crypto';
import type { PaidAnswers } from '../orchestrator/ports/paid-answers.ts';
import { arrayLiteral, type Db } from './client.ts';

/** Seconds that a claim lasts unless it is renewed. */
const CLAIM_S = 10;
const KEEP_DAYS = 7;
/** Old answers that are removed with each claim. */
const MAX_REMOVED = 20;

/** Paid answers in Postgres, so that they survive the process and are shared by all. Instants are those of its clock. */
export function createPaidAnswers(db: Db): PaidAnswers {
  const sql = db.$client;
  const holder = randomUUID();
  const until = () => sql`clock_timestamp() + make_interval(secs => ${CLAIM_S})`;
  return {
    async claim(id) {
      const [claimed] = await sql<{ is_taken_over: boolean }[]>`
        insert into paid_answers (id, holder, claimed_until) values (${id}, ${holder}, ${until()})
        on conflict (id) do update set holder = excluded.holder, claimed_until = excluded.claimed_until
        where paid_answers.answer is null and paid_answers.claimed_until < clock_timestamp()
        -- A new row was created now, rounded to milliseconds.
        returning created_at < now() - interval '1 ms' as is_taken_over`;
      if (claimed !== undefined) {
        await removeOld();
        return claimed.is_taken_over ? 'taken over' : 'claimed';
      }
      const [row] = await sql<{ answer: string | null; is_reported: boolean }[]>`
        select answer, is_reported from paid_answers where id = ${id}`;
      if (row === undefined || row.answer === null) return 'taken';
      return { json: row.answer, isReported: row.is_reported };
    },
    async renew(ids) {
      await sql`
        update paid_answers set claimed_until = ${until()}
        where id = any(${arrayLiteral(ids)}::text[]) and holder = ${holder} and answer is null`;
    },
    async save(id, json) {
      await sql`
        insert into paid_answers (id, holder, claimed_until, answer)
        values (${id}, ${holder}, clock_timestamp(), ${json})
        on conflict (id) do update set answer = excluded.answer where paid_answers.answer is null`;
    },
    async release(id) {
      await sql`delete from paid_answers where id = ${id} and holder = ${holder} and answer is null`;
    },
    async markReported(id) {
      await sql`update paid_answers set is_reported = true where id = ${id}`;
    },
    async forget(id) {
      await sql`delete from paid_answers where id = ${id} and answer is not null`;
    },
  };

  async function removeOld(): Promise<void> {
    await sql`
      delete from paid_answers where id in (
        select id from paid_answers where created_at < clock_timestamp() - make_interval(days => ${KEEP_DAYS})
        order by created_at limit ${MAX_REMOVED}
      )`;
  }
}
