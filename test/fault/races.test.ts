import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { after, hang, json } from '../support/agents/scripted-answers.ts';
import { codeOf, query } from '../support/clients/graphql-clients.ts';
import { FULL, seeded } from './support/seeded.ts';
import { allEnded, expectSound } from './support/soundness.ts';
import { start, test, type Workflow, type World } from './support/world.ts';

const START = `mutation ($input: StartWorkflowInput!) {
  startWorkflow(input: $input) { replayed workflow { id } room { id } }
}`;
const CANCEL = `mutation ($id: ID!) { cancelWorkflow(id: $id) { status } }`;
const RETRY = `mutation ($id: ID!, $from: AgentName) {
  retryWorkflow(id: $id, from: $from) { workflow { id } room { id } }
}`;

type Started = { replayed: boolean; workflow: { id: string }; room: { id: string } };

const twoServers = async (world: World) => {
  const servers = await Promise.all([world.spawn({ ROLE: 'api' }), world.spawn()]);
  return servers.map(({ graphqlUrl }) => graphqlUrl) as [string, string];
};
const alternating = (urls: readonly [string, string], index: number): string => urls[index % 2] ?? urls[0];

describe('a hundred starts at once on two servers', () => {
  test('with one key are one workflow; with one room and no key, one that runs and 99 refusals', async ({ world }) => {
    world.agents.script.story = hang;
    const urls = await twoServers(world);
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
  test('closes the call wherever it runs, in a wait and with Redis away too, and no further attempt is made', async ({
    world,
  }) => {
    const [api] = await twoServers(world);
    const cancelled: Workflow[] = [];
    const cancel = async (workflow: Workflow) => {
      cancelled.push(workflow);
      const { data } = await query<{ cancelWorkflow: { status: string } }>(api, CANCEL, { id: workflow.id });
      expect(data?.cancelWorkflow.status).toBe('CANCELLED');
      return Date.now();
    };

    world.agents.script.story = hang;
    const inCall = await start(() => api, 'in a call');
    const call = await world.agents.waitForCall('story');
    const told = await cancel(inCall);
    expect(await call.closed).toBe(true);
    console.log(`the connection closed ${Date.now() - told} ms after the mutation's answer`);

    world.agents.script.story = () => json({}, { status: 500, headers: { 'Retry-After': '1' } });
    const inWait = await start(() => api, 'in a wait');
    await world.agents.waitForCall('story', 2);
    await cancel(inWait);

    world.agents.script.story = hang;
    const away = await start(() => api, 'with Redis away');
    const last = await world.agents.waitForCall('story', 3);
    await world.redis.stop();
    const toldAway = await cancel(away);
    expect(await last.closed).toBe(true);
    console.log(`with Redis away it closed after ${Date.now() - toldAway} ms`);
    await world.redis.start();

    const finals = await expectSound(world.database, world.agents, cancelled);
    expect(finals.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(world.agents.calls).toHaveLength(3);
  });

  test('at the moment of completion: one of the two wins, cleanly', { timeout: 300_000 }, async ({ world }) => {
    const random = seeded('cancel at completion');
    const urls = await twoServers(world);
    const workflows: Workflow[] = [];
    for (let round = 1; round <= (FULL ? 100 : 15); round++) {
      const gate = Promise.withResolvers<void>();
      world.agents.script.deploy = () =>
        after(gate.promise, json({ success: true, deploymentUrl: 'http://localhost/x/' }));
      const workflow = await start(() => urls[0], `moment-${round}`);
      workflows.push(workflow);
      await world.agents.waitForCall('deploy', round);
      gate.resolve();
      for (let turn = random.below(60); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      const answer = await query(alternating(urls, round), CANCEL, { id: workflow.id });
      expect([undefined, 'WORKFLOW_FINISHED']).toContain(codeOf(answer));
      const [final] = await allEnded(world.database, [workflow]);
      expect(final?.status).toBe(codeOf(answer) === undefined ? 'cancelled' : 'succeeded');
    }
    const finals = await expectSound(world.database, world.agents, workflows);
    const cancelled = finals.filter(({ status }) => status === 'cancelled').length;
    console.log(`${cancelled} of ${finals.length} were cancelled in time`);
  });
});

describe('starting, cancelling, finishing and retrying the same rooms at once', () => {
  test('never ends in a deadlock, an unknown error or an unsound room', { timeout: 300_000 }, async ({ world }) => {
    const random = seeded('commands');
    const urls = await twoServers(world);
    const rooms = await Promise.all([0, 1, 2, 3].map((index) => start(() => urls[0], `room-${index}`)));
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
    await expectSound(world.database, world.agents, [...workflows.values()]);
    const [row] = await world.database.db.execute<{ deadlocks: number }>(
      sql`select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(row?.deadlocks).toBe(0);
  });

  test('raced retries of one workflow make one', async ({ world }) => {
    const urls = await twoServers(world);
    world.agents.script.code = (_call, nth) => (nth <= 3 ? json({}, { status: 500 }) : undefined);
    const failed = await start(() => urls[0], 'to be retried');
    await allEnded(world.database, [failed]);
    world.agents.script.code = hang;
    const raced = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        query<{ retryWorkflow: Started }>(alternating(urls, index), RETRY, { id: failed.id }),
      ),
    );
    expect(raced.filter(({ data }) => data)).toHaveLength(1);
    expect(world.agents.callsOf('story')).toHaveLength(1);
  });
});

describe('all 15 sets of agents that fail', () => {
  test('are ended once each, with every agent called, unpaid', { timeout: 300_000 }, async ({ world }) => {
    const [url] = await twoServers(world);
    const failing = new Map<string, string[]>();
    for (const agent of AGENT_NAMES) {
      world.agents.script[agent] = ({ body }) =>
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
        return await start(() => url, `set-${index}`, roomId);
      }),
    );
    const finals = await expectSound(world.database, world.agents, workflows);
    expect(finals.map(({ status }) => status)).toEqual(finals.map(() => 'failed'));
    for (const [index, { roomId }] of workflows.entries()) {
      for (const agent of AGENT_NAMES) {
        const calls = world.agents.callsOf(agent).filter(({ body }) => (body as { roomId: string }).roomId === roomId);
        expect(calls).toHaveLength(sets[index]?.includes(agent) ? 3 : 1);
      }
    }
  });
});
