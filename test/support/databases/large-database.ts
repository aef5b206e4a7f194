import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { Db } from '../../../src/db/client.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import * as tables from '../../../src/db/tables.ts';
import { createHub } from '../../../src/logs/hub.ts';
import type { OutputHub } from '../../../src/logs/output/output-hub.ts';
import { createSubscriptions } from '../../../src/logs/subscriptions.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import { fake } from '../fake.ts';
import { nodesOf, type PlanNode, type RawNode } from './query-plans.ts';

export type Size = { rooms: number; linesPerRoom: number; longRoomLines: number };

const VIEWER = 'mary';
/** The API's default page size. */
export const ROOMS_PER_PAGE = 20;

/** Fills an empty, migrated database with one viewer's rooms. @returns the id of the room that has a long log */
export async function fillDatabase(
  client: postgres.Sql,
  { rooms, linesPerRoom, longRoomLines }: Size,
): Promise<string> {
  // The ids increase, as the service's do. PostgreSQL has `uuidv7()` only from version 18 on.
  const uuid = (number: postgres.Fragment) =>
    client`(lpad(to_hex(${number}), 12, '0') || substr(md5(random()::text), 1, 20))::uuid`;
  await client`insert into viewers (id) values (${VIEWER})`;
  await client`
    insert into rooms (id, viewer_id, status) select ${uuid(client`n`)}, ${VIEWER}, 'done' from generate_series(1, ${rooms}::int) as n`;
  await client`
    insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, log_end_seq, started_at, finished_at)
    select ${uuid(client`row_number() over (order by id)`)}, id, viewer_id, 'succeeded', 'a lighthouse', 0, 1, now(), now() from rooms`;
  const [long] = await client<
    { id: string }[]
  >`select id from rooms order by id offset ${Math.floor(rooms / 2)} limit 1`;
  if (long === undefined) throw new Error('no rooms were inserted');
  await client`
    insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message)
    select room_id, seq, id, now(), 'story', 'info', 'line ' || seq || ' of a story that is told in a lighthouse at night'
    from workflows, generate_series(1, case when room_id = ${long.id} then ${longRoomLines}::int else ${linesPerRoom}::int end) as seq`;
  await client`insert into room_log_heads select room_id, max(seq) from log_lines group by room_id`;
  await client`vacuum analyze`;
  return long.id;
}

/** The most frequent operations, by the service's own functions. */
export function operationsOn(db: Db, roomId: string, lines: number) {
  const reads = createReads(db);
  const logs = createLogReader(db);
  const hub = createHub({ logs, pubsub: createInProcessPubSub(), onError: (error) => console.error(error) });
  const watch = createSubscriptions({
    hub,
    outputHub: fake<OutputHub>('outputHub'),
    logs,
    rooms: reads.rooms,
    workflows: reads.workflows,
  });
  const replay = async (count: number) => {
    const after = logCursor(roomId, lines - count);
    let left = count;
    for await (const _line of await watch.agentLogs(VIEWER, { roomId, after })) if (--left === 0) break;
  };
  return {
    'open a room': async () => {
      await Promise.all([
        reads.rooms.byIds(VIEWER, [roomId]),
        reads.workflows.latestByRooms(VIEWER, [roomId]),
        reads.logs.page(VIEWER, [roomId], { from: 'last', limit: 100 }),
        replay(1),
      ]);
    },
    'replay its last 1,000 lines': () => replay(1_000),
    'list rooms with their latest workflow': async () => {
      const { items } = await reads.rooms.list(VIEWER, { first: ROOMS_PER_PAGE });
      await reads.workflows.latestByRooms(
        VIEWER,
        items.map(({ id }) => id),
      );
    },
  } satisfies Record<string, () => Promise<void>>;
}

export type Operation = keyof ReturnType<typeof operationsOn>;

/** Returns the query plans of all statements of an operation. */
export async function plansOf(
  client: postgres.Sql,
  roomId: string,
  lines: number,
  operation: Operation,
): Promise<PlanNode[][]> {
  const statements: { query: string; params: unknown[] }[] = [];
  const db = drizzle(client, {
    schema: tables,
    logger: { logQuery: (query, params) => statements.push({ query, params }) },
  });
  await operationsOn(db, roomId, lines)[operation]();
  const plans = [];
  for (const { query, params } of statements) {
    const rows = await client.unsafe<{ 'QUERY PLAN': { Plan: RawNode }[] }[]>(
      `explain (analyze, buffers, format json) ${query}`,
      params as string[],
    );
    plans.push(rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan))));
  }
  return plans;
}

/** The number of 8 KB pages that were read in total. */
export const blocksOf = (plans: readonly PlanNode[][]): number =>
  plans.reduce((sum, [top]) => sum + (top?.blocks ?? 0), 0);
