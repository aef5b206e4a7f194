import type { RemoveOldLines, RetentionLimits } from '../orchestrator/ports/store.ts';
import type { Db, Fragment, Sql, Tx } from './client.ts';
import { inTransaction } from './transaction.ts';

/** Any number, the same in every process: held by the one that is removing lines. */
const RETENTION_LOCK = 1_751_217_008;
/** Rooms that one transaction looks at. */
const MAX_ROOMS = 500;
/** Rooms that one transaction removes lines from, and the lines it removes from each. */
const MAX_OLD_ROOMS = 4;
const MAX_LINES = 500;

/**
 * Removes the first lines of rooms' logs, a few at a time. It blocks nobody: nothing writes to old lines, heads are only
 * read, and a process that finds another one removing lines does nothing.
 *
 * For each room it looks at the first line only, and judges its age by Postgres' clock. Since `seq` and age grow
 * together, what is removed is always the beginning of a log, and no gap appears after a line that is kept.
 */
export function createLogRetention(db: Db, limits: RetentionLimits): RemoveOldLines {
  return (fromRoomId) =>
    inTransaction(db, async (tx) => {
      const [lock] = await tx<{ is_mine: boolean }[]>`select pg_try_advisory_xact_lock(${RETENTION_LOCK}) as is_mine`;
      if (lock?.is_mine !== true) return { removed: 0, next: null };
      const rooms = await tx<{ room_id: string; is_old: boolean }[]>`${roomsFrom(tx, fromRoomId, limits)}`;
      const old = rooms.filter((room) => room.is_old).slice(0, MAX_OLD_ROOMS);
      let removed = 0;
      for (const { room_id: roomId } of old) {
        const count = await removeFromRoom(tx, roomId, limits);
        removed += count;
        if (count === MAX_LINES) return { removed, next: roomId };
      }
      const last = old.length === MAX_OLD_ROOMS ? old.at(-1) : undefined;
      const looked = last === undefined ? MAX_ROOMS : rooms.indexOf(last) + 1;
      return { removed, next: rooms[looked]?.room_id ?? null };
    });
}

async function removeFromRoom(tx: Tx, roomId: string, limits: RetentionLimits): Promise<number> {
  const result = await tx`${removal(tx, roomId, limits)}`;
  return result.count;
}

/** Rooms with a log, starting at this one, and whether the first line of each is old. One more than are looked at. */
export function roomsFrom(client: Sql, roomId: string | null, limits: RetentionLimits): Fragment {
  return client`
    select head.room_id, coalesce(${isOld(client, limits)}, false) as is_old
    from (
      select room_id, last_seq from room_log_heads
      ${roomId === null ? client`` : client`where room_id >= ${roomId}`} order by room_id limit ${MAX_ROOMS + 1}
    ) as head
    left join lateral (
      select seq, timestamp from log_lines where log_lines.room_id = head.room_id order by seq limit 1
    ) as line on true
    order by head.room_id`;
}

/**
 * Removes the old ones among a room's first lines, up to the first that is not old, and the output of a workflow along
 * with its last line. It deletes lines by `ctid`, which stays theirs while they exist: whatever number of rows Postgres
 * expects, it reads no others.
 */
export function removal(client: Sql, roomId: string, limits: RetentionLimits): Fragment {
  return client`
    with first_lines as (
      select line.id, line.seq, ${isOld(client, limits)} as is_old
      from (select last_seq from room_log_heads where room_id = ${roomId}) as head, (
        select ctid as id, seq, timestamp from log_lines where room_id = ${roomId} order by seq limit ${MAX_LINES}
      ) as line
    ),
    kept as (select min(seq) as first_seq from first_lines where not is_old),
    removed as (
      delete from log_lines where ctid = any (array(
        select id from first_lines, kept where first_lines.seq < kept.first_seq or kept.first_seq is null
      ))
      returning workflow_id, seq
    ),
    removed_workflows as (
      select id from (select workflow_id, max(seq) as last_seq from removed group by workflow_id) as line
      join workflows on workflows.id = line.workflow_id and workflows.log_end_seq = line.last_seq
    ),
    removed_output as (
      delete from step_outputs using removed_workflows where step_outputs.workflow_id = removed_workflows.id
    )
    select from removed`;
}

/** A condition on `line`, in the room of `head`. */
function isOld(client: Sql, { days, linesPerRoom }: RetentionLimits): Fragment {
  const isTooMany = linesPerRoom === null ? client`false` : client`line.seq <= head.last_seq - ${linesPerRoom}::bigint`;
  const isTooLongAgo =
    days === null ? client`false` : client`line.timestamp < clock_timestamp() - make_interval(days => ${days}::int)`;
  return client`(${isTooMany} or ${isTooLongAgo})`;
}
