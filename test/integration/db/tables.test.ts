import postgres from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

let database: TestDatabase;
/** One viewer's room with a running workflow whose story succeeded, and another viewer's room without any. */
const ids = { room: '', workflow: '', otherRoom: '', otherWorkflow: '' };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  for (const name of Object.keys(ids) as (keyof typeof ids)[]) ids[name] = uuidv7();
  const { room, workflow, otherRoom, otherWorkflow } = ids;
  const finished = `'succeeded', 'x', 2, 0, 9, now(), now()`;
  await run(`
    insert into viewers (id) values ('ada'), ('bob') on conflict do nothing;
    insert into rooms (id, viewer_id) values ('${room}', 'ada'), ('${otherRoom}', 'bob');
    insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, started_at)
      values ('${workflow}', '${room}', 'ada', 'running', 'x', 0, now());
    insert into workflows (id, room_id, viewer_id, status, user_input, version, log_start_seq, log_end_seq, started_at, finished_at)
      values ('${otherWorkflow}', '${otherRoom}', 'bob', ${finished});
    insert into steps (workflow_id, agent, status, attempt, result, finished_at)
      values ('${workflow}', 'story', 'succeeded', 1, '{}', now());
    insert into steps (workflow_id, agent) values ('${workflow}', 'asset'), ('${workflow}', 'code'), ('${workflow}', 'deploy')`);
});

async function run(statements: string): Promise<void> {
  await database.client.unsafe(statements);
}

const step = (agent: string, set: string) =>
  `update steps set ${set} where workflow_id = '${ids.workflow}' and agent = '${agent}'`;
const workflow = (set: string) => `update workflows set ${set} where id = '${ids.workflow}'`;
const room = (set: string) => `update rooms set ${set} where id = '${ids.room}'`;
const another = (viewer: string, columns: string, values: string) =>
  `insert into workflows (id, room_id, viewer_id, user_input, log_start_seq, ${columns})
   values ('${uuidv7()}', '${ids.room}', '${viewer}', 'x', 0, ${values})`;

/** What must not be, the constraint that refuses it, and the statement that tries. */
const WRONG: [what: string, constraint: string, statement: () => string][] = [
  ['a room in error without an error message', 'rooms_error', () => room(`status = 'error'`)],
  ['a reason in a room without error', 'rooms_error', () => room(`error = 'why'`)],
  ['two unfinished workflows in a room', 'workflows_one_unfinished_a_room', () => another('ada', 'status', `'queued'`)],
  [
    "a workflow in another viewer's room",
    'workflows_in_own_room',
    () => another('bob', 'status, finished_at, log_end_seq', `'cancelled', now(), 1`),
  ],
  [
    "a retry of another room's workflow",
    'workflows_retry_in_same_room',
    () => workflow(`retry_of_id = '${ids.otherWorkflow}'`),
  ],
  [
    'one key for two workflows of a viewer',
    'workflows_idempotency',
    () =>
      `${workflow(`idempotency_key = 'k', idempotent_request = 'r', status = 'cancelled', finished_at = now(), log_end_seq = 1`)};
       ${another('ada', 'status, idempotency_key, idempotent_request', `'queued', 'k', 'r'`)}`,
  ],
  ['a key without what was asked under it', 'workflows_key_with_request', () => workflow(`idempotency_key = 'k'`)],
  ['an end without its time', 'workflows_finish', () => workflow(`status = 'failed'`)],
  ['an end without its last line', 'workflows_log_end', () => workflow(`status = 'failed', finished_at = now()`)],
  ['a workflow that runs and never started', 'workflows_start', () => workflow('started_at = null')],
  ['a queued workflow that started', 'workflows_queued', () => workflow(`status = 'queued'`)],
  [
    'a log that ends before it began',
    'workflows_log_range',
    () => workflow(`status = 'failed', finished_at = now(), log_start_seq = 5, log_end_seq = 5`),
  ],
  ['a step that succeeded without a result', 'steps_result', () => step('story', 'result = null')],
  ['a result of a step that did not succeed', 'steps_result', () => step('asset', `result = '{}'`)],
  [
    'a step that failed without a code',
    'steps_failed',
    () => step('asset', `status = 'failed', attempt = 1, finished_at = now()`),
  ],
  ['an error without a code', 'steps_error', () => step('asset', `error = 'why'`)],
  ['a wait without an end', 'steps_wait', () => step('asset', `status = 'waiting_to_retry', attempt = 1`)],
  ['a finished step that is ready', 'steps_ready', () => step('story', 'available_at = now()')],
  ['a lease on a step that does not run', 'steps_lease', () => step('asset', `lease_worker_id = '${uuidv7()}'`)],
  ['a finished step without its time', 'steps_finish', () => step('asset', `status = 'cancelled'`)],
  ['a running step that was never attempted', 'steps_attempted', () => step('asset', `status = 'running'`)],
  ['a negative count', 'steps_counts', () => step('asset', 'interruptions = -1')],
  [
    'an attempt numbered 0',
    'attempts_from_one',
    () => `insert into attempts (workflow_id, agent, number) values ('${ids.workflow}', 'story', 0)`,
  ],
  [
    'an attempt that failed and did not end',
    'attempts_end',
    () =>
      `insert into attempts (workflow_id, agent, number, error, error_code) values ('${ids.workflow}', 'story', 1, 'x', 'TIMEOUT')`,
  ],
  [
    'two rewards for a workflow',
    'rewards_one_a_workflow',
    () =>
      [uuidv7(), uuidv7()]
        .map(
          (id) =>
            `insert into rewards (id, viewer_id, workflow_id, amount) values ('${id}', 'ada', '${ids.workflow}', 10)`,
        )
        .join(';'),
  ],
  [
    "a reward for another viewer's workflow",
    'rewards_of_own_workflow',
    () =>
      `insert into rewards (id, viewer_id, workflow_id, amount) values ('${uuidv7()}', 'bob', '${ids.workflow}', 10)`,
  ],
  [
    'a deployment in another room than its workflow',
    'deployments_in_own_room',
    () =>
      `insert into deployments (workflow_id, room_id, deployment_url, completed_at) values ('${ids.workflow}', '${ids.otherRoom}', 'x', now())`,
  ],
  [
    'a line before the first',
    'log_lines_from_one',
    () =>
      `insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message)
       values ('${ids.room}', 0, '${ids.workflow}', now(), 'story', 'info', 'x')`,
  ],
];

describe('the constraints of the tables', () => {
  test.each(WRONG)('the tables refuse %s', async (_what, constraint, statement) => {
    const error: unknown = await run(statement()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(postgres.PostgresError);
    expect((error as postgres.PostgresError).constraint_name).toBe(constraint);
  });
});
