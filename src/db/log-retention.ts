import { type SQL, sql } from 'drizzle-orm';
import type { LogLimits, RemoveOldLines } from '../orchestrator/ports/store.ts';
import type { Db, DrizzleTx } from './client.ts';
import { logLines, roomLogHeads } from './tables.ts';
import { inDrizzleTransaction } from './transaction.ts';

/** Any number, the same in every process: held by the one that removes lines at this moment. */
const RETENTION_LOCK = 1_751_217_008;
/** Rooms looked at by one statement. */
const ROOMS = 500;
/** Rooms whose lines are removed in one transaction, and lines of each. */
const OLD_ROOMS = 4;
const LINES = 500;

/**
 * Removes from the front of rooms' logs, a few lines at a time. Nothing waits for it: lines that are removed are no
 * longer written to, a room's head is only read, and of several processes one removes while the others pass.
 *
 * A room costs one look at its first line; a line's age is judged by Postgres' clock. Since `seq` and age grow together
 * what goes is always the beginning, so that a log has no gap but before its first line.
 */
export function createLogRetention(db: Db, limits: LogLimits): RemoveOldLines {
  return (from) =>
    inDrizzleTransaction(db, async (tx) => {
      const [lock] = await tx.execute<{ mine: boolean }>(
        sql`select pg_try_advisory_xact_lock(${RETENTION_LOCK}) as mine`,
      );
      if (lock?.mine !== true) return { removed: 0, next: null };
      const rooms = await tx.execute<{ room_id: string; is_old: boolean }>(roomsFrom(from, limits));
      const old = rooms.filter((room) => room.is_old).slice(0, OLD_ROOMS);
      let removed = 0;
      for (const { room_id: roomId } of old) {
        const count = await removeFromRoom(tx, roomId, limits);
        removed += count;
        if (count === LINES) return { removed, next: roomId };
      }
      const last = old.length === OLD_ROOMS ? old.at(-1) : undefined;
      const looked = last === undefined ? ROOMS : rooms.indexOf(last) + 1;
      return { removed, next: rooms[looked]?.room_id ?? null };
    });
}

async function removeFromRoom(tx: DrizzleTx, roomId: string, limits: LogLimits): Promise<number> {
  const result = await tx.execute(removal(roomId, limits));
  return result.count;
}

/** Rooms with a log from this one on, and whether the first line of each is old. One more than are looked at. */
export function roomsFrom(roomId: string | null, limits: LogLimits): SQL {
  return sql`
    select head.room_id, coalesce(${isOld(limits)}, false) as is_old
    from (
      select room_id, last_seq from ${roomLogHeads}
      where ${roomId === null ? sql`true` : sql`room_id >= ${roomId}::uuid`} order by room_id limit ${ROOMS + 1}
    ) as head
    left join lateral (
      select seq, timestamp from ${logLines} where ${logLines.roomId} = head.room_id order by seq limit 1
    ) as line on true
    order by head.room_id`;
}

/**
 * Removes the old ones among a room's first lines, up to the first that is not. By their place in the table, which is
 * theirs as long as they are there: however Postgres guesses at their number, it reads no others.
 */
export function removal(roomId: string, limits: LogLimits): SQL {
  return sql`
    with front as (
      select line.place, line.seq, ${isOld(limits)} as is_old
      from (select last_seq from ${roomLogHeads} where room_id = ${roomId}::uuid) as head, (
        select ctid as place, seq, timestamp from ${logLines}
        where room_id = ${roomId}::uuid order by seq limit ${LINES}
      ) as line
    ),
    kept as (select min(seq) as first_seq from front where not is_old)
    delete from ${logLines} where ctid = any (array(
      select place from front, kept where front.seq < kept.first_seq or kept.first_seq is null
    ))`;
}

/** Of `line` in the room of `head`. */
function isOld({ days, linesPerRoom }: LogLimits): SQL {
  const tooMany = linesPerRoom === null ? sql`false` : sql`line.seq <= head.last_seq - ${linesPerRoom}::bigint`;
  const tooLongAgo =
    days === null ? sql`false` : sql`line.timestamp < clock_timestamp() - make_interval(days => ${days}::int)`;
  return sql`(${tooMany} or ${tooLongAgo})`;
}
