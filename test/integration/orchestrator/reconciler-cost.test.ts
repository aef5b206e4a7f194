import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overdueSteps, promotableViewers } from '../../../src/db/lease-store.ts';
import { nodesOf, planOf } from '../../support/databases/query-plans.ts';
import { insertQueuedWorkflow, insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** So many workflows that ended, with their steps. */
async function history(workflows: number): Promise<void> {
  const { client } = database;
  const roomId = await insertRoom(database.db, 'historian');
  await client`
    insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, log_end_seq, started_at, finished_at)
    select gen_random_uuid(), ${roomId}, 'historian', 'succeeded', 'x', 0, 1, now(), now()
    from generate_series(1, ${workflows}::int)`;
  await client`
    insert into steps (workflow_id, agent, status, result, started_at, finished_at)
    select id, agent, 'succeeded', '{}', now(), now()
    from workflows, unnest(enum_range(null::agent_name)) as agent where status = 'succeeded'`;
  await client`analyze`;
}

describe("the reconciler's statements", () => {
  test("the reconciler's statements cost the same however many workflows have finished", async () => {
    const { db, client } = database;
    const roomId = await insertRoom(db, 'waiting');
    const id = await insertQueuedWorkflow(db, { viewerId: 'waiting', roomId });
    await client`update steps set available_at = now() where workflow_id = ${id} and agent = 'story'`;
    await history(20_000);

    const due = nodesOf(await planOf(client, overdueSteps(client, 500, true)));
    expect(due.filter(({ relation, type }) => relation === 'steps' && type === 'Seq Scan')).toEqual([]);
    expect(due.map(({ index }) => index)).toContain('steps_available');
    expect(due[0]?.blocks).toBeLessThan(50);

    const promotable = nodesOf(await planOf(client, promotableViewers(client, 20)));
    expect(promotable.filter(({ relation, type }) => relation === 'workflows' && type === 'Seq Scan')).toEqual([]);
    expect(promotable[0]?.blocks).toBeLessThan(50);
  });
});
