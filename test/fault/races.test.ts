import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { after, hang, json } from '../support/agents/scripted-answers.ts';
import { codeOf, query } from '../support/clients/graphql-clients.ts';
import { type Cluster, startWorkflow, test, type WorkflowRef } from './support/cluster.ts';
import { expectInvariants, waitForEnd } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const START = `mutation ($input: StartWorkflowInput!) {
  startWorkflow(input: $input) { replayed workflow { id } room { id } }
}`;
const CANCEL = `mutation ($id: ID!) { cancelWorkflow(id: $id) { status } }`;
const RETRY = `mutation ($id: ID!, $from: AgentName) {
  retryWorkflow(id: $id, from: $from) { workflow { id } room { id } }
}`;

type Started = { replayed: boolean; workflow: { id: string }; room: { id: string } };

const twoServers = async (cluster: Cluster) => {
  const servers = await Promise.all([cluster.spawn({ ROLE: 'api' }), cluster.spawn()]);
  return servers.map(({ graphqlUrl }) => graphqlUrl) as [string, string];
};
/** Requests alternate between the two servers. */
const alternating = (urls: readonly [string, string], index: number): string => urls[index % 2] ?? urls[0];

describe('a hundred concurrent starts on two servers', () => {
  test('concurrent starts with one idempotency key create one workflow, and without a key a room accepts one of them', async ({
    cluster,
  }) => {
    cluster.agents.script.story = hang;
    const urls = await twoServers(cluster);
    const hundred = Array.from({ length: 100 }, (_, index) => index);

    const input = { userInput: 'a lamp', idempotencyKey: 'the same' };
    const same = await Promise.all(
      hundred.map((index) => query<{ startWorkflow: Started }>(alternating(urls, index), START, { input })),
    );
    const started = same.map(({ data }) => data?.startWorkflow);
    expect(new Set(started.map((one) => one?.workflow.id)).size).toBe(1);
    expect(started.filter((one) => one?.replayed === false)).toHaveLength(1);
    const other = await query(urls[0], START, { input: { ...input, userInput: 'another lamp' } });
    expect(codeOf(other)).toBe('IDEMPOTENCY_CONFLICT');

    const roomId = started[0]?.room.id ?? '';
    await query(urls[1], CANCEL, { id: started[0]?.workflow.id });
    const raced = await Promise.all(
      hundred.map((index) =>
        query<{ startWorkflow: Started }>(alternating(urls, index), START, {
          input: { userInput: `lamp ${index}`, roomId },
        }),
      ),
    );
    expect(raced.filter(({ data }) => data)).toHaveLength(1);
    expect(new Set(raced.map(codeOf))).toEqual(new Set([undefined, 'WORKFLOW_ALREADY_RUNNING']));
  });
});

describe('cancelling from another process', () => {
  test('cancelling closes the call in whichever process it runs, even without Redis, and no further attempt is made', async ({
    cluster,
  }) => {
    const [api] = await twoServers(cluster);
    const cancelled: WorkflowRef[] = [];
    const cancel = async (workflow: WorkflowRef) => {
      cancelled.push(workflow);
      const { data } = await query<{ cancelWorkflow: { status: string } }>(api, CANCEL, { id: workflow.id });
      expect(data?.cancelWorkflow.status).toBe('CANCELLED');
      return Date.now();
    };

    cluster.agents.script.story = hang;
    const inCall = await startWorkflow(() => api, 'in a call');
    const call = await cluster.agents.waitForCall('story');
    const cancelledAt = await cancel(inCall);
    expect(await call.closed).toBe(true);
    console.log(`the connection closed ${Date.now() - cancelledAt} ms after the mutation's response`);

    cluster.agents.script.story = () => json({}, { status: 500, headers: { 'Retry-After': '1' } });
    const inWait = await startWorkflow(() => api, 'in a wait');
    await cluster.agents.waitForCall('story', 2);
    await cancel(inWait);

    cluster.agents.script.story = hang;
    const withoutRedis = await startWorkflow(() => api, 'without Redis');
    const last = await cluster.agents.waitForCall('story', 3);
    await cluster.redis.stop();
    const cancelledWithoutRedisAt = await cancel(withoutRedis);
    expect(await last.closed).toBe(true);
    console.log(`without Redis it closed after ${Date.now() - cancelledWithoutRedisAt} ms`);
    await cluster.redis.start();

    const finished = await expectInvariants(cluster.database, cluster.agents, cancelled);
    expect(finished.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(cluster.agents.calls).toHaveLength(3);
  });

  test('when a cancellation and a completion race, exactly one of them takes effect', { timeout: 300_000 }, async ({
    cluster,
  }) => {
    const random = seededRandom('cancel at completion');
    const urls = await twoServers(cluster);
    const workflows: WorkflowRef[] = [];
    for (let round = 1; round <= (FULL ? 100 : 15); round++) {
      const gate = Promise.withResolvers<void>();
      cluster.agents.script.deploy = () =>
        after(gate.promise, json({ success: true, deploymentUrl: 'http://localhost/x/' }));
      const workflow = await startWorkflow(() => urls[0], `moment-${round}`);
      workflows.push(workflow);
      await cluster.agents.waitForCall('deploy', round);
      gate.resolve();
      for (let ticks = random.below(60); ticks > 0; ticks--) await new Promise(setImmediate);
      const answer = await query(alternating(urls, round), CANCEL, { id: workflow.id });
      expect([undefined, 'WORKFLOW_FINISHED']).toContain(codeOf(answer));
      const [finished] = await waitForEnd(cluster.database, [workflow]);
      expect(finished?.status).toBe(codeOf(answer) === undefined ? 'cancelled' : 'succeeded');
    }
    const finished = await expectInvariants(cluster.database, cluster.agents, workflows);
    const cancelled = finished.filter(({ status }) => status === 'cancelled').length;
    console.log(`${cancelled} of ${finished.length} were cancelled before they completed`);
  });
});

describe('concurrent commands to the same rooms', () => {
  test('starts, cancellations and retries that race cause no deadlock, no unexpected error and no broken invariant', {
    timeout: 300_000,
  }, async ({ cluster }) => {
    const random = seededRandom('commands');
    const urls = await twoServers(cluster);
    const rooms = await Promise.all([0, 1, 2, 3].map((index) => startWorkflow(() => urls[0], `room-${index}`)));
    const workflows = new Map(rooms.map((workflow) => [workflow.id, workflow]));
    const codes = new Map<unknown, number>();
    const command = async (index: number) => {
      const { roomId } = random.oneOf(rooms);
      const { id } = random.oneOf([...workflows.values()]);
      const [document, variables] = random.oneOf<[string, Record<string, unknown>]>([
        [START, { input: { userInput: `lamp ${index}`, roomId } }],
        [CANCEL, { id }],
        [RETRY, { id }],
        [RETRY, { id, from: 'CODE' }],
      ]);
      const answer = await query<Record<string, Partial<Started>>>(alternating(urls, index), document, variables);
      const code = codeOf(answer) ?? 'OK';
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const started = answer.data?.['startWorkflow'] ?? answer.data?.['retryWorkflow'];
      if (started?.workflow && started.room) {
        workflows.set(started.workflow.id, { id: started.workflow.id, roomId: started.room.id });
      }
    };
    for (let wave = 0; wave < (FULL ? 60 : 8); wave++) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => command(wave * 20 + index)));
    }
    console.log(Object.fromEntries(codes));
    const expected = ['OK', 'WORKFLOW_ALREADY_RUNNING', 'WORKFLOW_FINISHED', 'NOTHING_TO_RETRY', 'INVALID_INPUT'];
    for (const code of codes.keys()) expect(expected).toContain(code);
    expect(codes.get('OK') ?? 0).toBeGreaterThan(10);
    await expectInvariants(cluster.database, cluster.agents, [...workflows.values()]);
    const [row] = await cluster.database.db.execute<{ deadlocks: number }>(
      sql`select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(row?.deadlocks).toBe(0);
  });

  test('concurrent retries of one workflow create one workflow', async ({ cluster }) => {
    const urls = await twoServers(cluster);
    cluster.agents.script.code = (_call, nth) => (nth <= 3 ? json({}, { status: 500 }) : undefined);
    const failed = await startWorkflow(() => urls[0], 'retry');
    await waitForEnd(cluster.database, [failed]);
    cluster.agents.script.code = hang;
    const raced = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        query<{ retryWorkflow: Started }>(alternating(urls, index), RETRY, { id: failed.id }),
      ),
    );
    expect(raced.filter(({ data }) => data)).toHaveLength(1);
    expect(cluster.agents.callsOf('story')).toHaveLength(1);
  });
});

describe('every combination of failing agents', () => {
  test('a workflow with any of the 15 combinations of failing agents calls every agent, fails once and is not rewarded', {
    timeout: 300_000,
  }, async ({ cluster }) => {
    const [url] = await twoServers(cluster);
    const failing = new Map<string, string[]>();
    for (const agent of AGENT_NAMES) {
      cluster.agents.script[agent] = ({ body }) =>
        failing.get((body as { roomId: string }).roomId)?.includes(agent)
          ? json({ error: 'no' }, { status: 500 })
          : undefined;
    }
    const sets = Array.from({ length: 15 }, (_, index) =>
      AGENT_NAMES.filter((_agent, bit) => ((index + 1) >> bit) & 1),
    );
    const workflows = await Promise.all(
      sets.map(async (set, index) => {
        const created = await query<{ createRoom: { id: string } }>(url, 'mutation { createRoom { id } }');
        const roomId = created.data?.createRoom.id ?? '';
        failing.set(roomId, set);
        return await startWorkflow(() => url, `set-${index}`, roomId);
      }),
    );
    const finished = await expectInvariants(cluster.database, cluster.agents, workflows);
    expect(finished.map(({ status }) => status)).toEqual(finished.map(() => 'failed'));
    for (const [index, { roomId }] of workflows.entries()) {
      for (const agent of AGENT_NAMES) {
        const calls = cluster.agents
          .callsOf(agent)
          .filter(({ body }) => (body as { roomId: string }).roomId === roomId);
        expect(calls).toHaveLength(sets[index]?.includes(agent) ? 3 : 1);
      }
    }
  });
});
