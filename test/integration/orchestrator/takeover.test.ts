import { eq, sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { createAgentLogWriter } from '../../../src/db/agent-log-writer.ts';
import { createLeaseStore } from '../../../src/db/lease-store.ts';
import * as tables from '../../../src/db/tables.ts';
import { createWorkflowStore } from '../../../src/db/workflow-store.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import { takeStep } from '../../../src/orchestrator/transitions.ts';
import { after, hang, json } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('stopping a service in the middle of a workflow', () => {
  test('a stopping service lets a call in flight end within the grace period, and the next service continues from there', async ({
    agents,
    start,
    rows,
  }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.asset = () => after(gate.promise, json({ imageCid: 'image' }));
    const first = await start();
    const { workflow } = await first.service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('asset');
    const stopped = first.stop(20_000);
    gate.resolve();
    await stopped;
    expect((await rows.steps(workflow.id)).asset.status).toBe('succeeded');

    await start();
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect(agents.callsOf('story')).toHaveLength(1);
    expect(agents.callsOf('asset')).toHaveLength(1);
  });

  test('a call that outlasts the grace period is handed over: it is repeated under its attempt number, and no death is counted', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.asset = (_call, nth) => (nth === 1 ? hang() : undefined);
    const first = await start();
    const { workflow, room } = await first.service.start('local', { userInput: 'a lamp' });
    const call = await agents.waitForCall('asset');
    await first.stop(50);
    expect(await call.closed).toBe(true);

    await start({ isSoleProcess: false });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect((await rows.steps(workflow.id)).asset).toMatchObject({ attempt: 1, interruptions: 0 });
    expect(await rows.attempts(workflow.id, 'asset')).toHaveLength(1);
    expect(await rows.events(room.id)).toContain('attempt.resumed');
    expect(agents.callsOf('story')).toHaveLength(1);
  });
});

describe('a worker that died or was paused', () => {
  /** Leaves the rows as a kill does: the lease held, and the worker not seen for a while. */
  const die = sql`update workers set seen_at = clock_timestamp() - interval '1 minute'`;

  test('a dead worker is replaced: its call is repeated under the same attempt number, and finished agents are not called again', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    agents.script.code = (_call, nth) => (nth === 1 ? hang() : undefined);
    const dead = await start();
    const { workflow } = await dead.service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('code');
    await start({ isSoleProcess: true });

    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect((await rows.steps(workflow.id)).code).toMatchObject({ attempt: 1, interruptions: 1 });
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'asset', 'code', 'code', 'deploy']);
    expect(await rows.rewards(workflow.id)).toHaveLength(1);
    expect(await database.db.$count(tables.attempts)).toBe(4);
  });

  test('a paused worker that wakes up changes nothing, not even the log', async ({ agents, database, start, rows }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = (_call, nth) =>
      nth === 1 ? after(gate.promise, json({ story: 'Too late.' })) : json({ story: 'In time.' });
    const paused = await start();
    const { workflow, room } = await paused.service.start('local', { userInput: 'a lamp' });
    const late = await agents.waitForCall('story');
    const [lease] = await createLeaseStore(database.db).renew(
      (await rows.steps(workflow.id)).story.leaseWorkerId ?? '',
    );
    await start({ isSoleProcess: true });
    await rows.ended(workflow.id);
    const before = await rows.lines(room.id);

    gate.resolve();
    await late.closed;
    await paused.stop(20_000);
    if (lease === undefined) throw new Error('the paused worker had no lease');
    const line = { agentType: 'story', level: 'info', message: 'too late', metadata: null } as const;
    expect(await createAgentLogWriter(database.db)(lease, room.id, [line])).toBeNull();
    expect(await rows.lines(room.id)).toEqual(before);
    expect((await rows.steps(workflow.id)).story.result).toEqual({ story: 'In time.' });
  });

  test('a paused worker that wakes up just before a call does not make it, and gives the step back', async ({
    agents,
    start,
    rows,
  }) => {
    let pausedMs = 0;
    const { service } = await start({
      wrap: (deps) => ({
        ...deps,
        now: () => performance.now() + pausedMs,
        callAgent(call, signal) {
          if (call.agent === 'asset' && pausedMs === 0) pausedMs = 60_000;
          return deps.callAgent(call, signal);
        },
      }),
    });
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect((await rows.events(room.id)).filter((event) => event === 'attempt.resumed')).toHaveLength(1);
    expect((await rows.steps(workflow.id)).asset).toMatchObject({ attempt: 1, interruptions: 0 });
    expect(agents.callsOf('asset')).toHaveLength(1);
  });

  test('the fifth death of a worker fails its step, and the chain continues', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    agents.script.asset = hang;
    let isDead = false;
    const first = await start({
      wrap: (deps) => {
        const { leases } = deps;
        const renew: typeof leases.renew = (id) => (isDead ? Promise.reject(new Error('dead')) : leases.renew(id));
        return { ...deps, leases: { ...leases, renew } };
      },
    });
    const { workflow } = await first.service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('asset');
    await database.db.update(tables.steps).set({ interruptions: 4 }).where(eq(tables.steps.agent, 'asset'));
    isDead = true;
    await database.db.execute(die);
    await start({ isSoleProcess: true });
    expect((await rows.ended(workflow.id)).status).toBe('failed');
    expect((await rows.steps(workflow.id)).asset).toMatchObject({ status: 'failed', errorCode: 'INTERRUPTED' });
    expect((await rows.attempts(workflow.id, 'asset'))[0]).toMatchObject({ errorCode: 'INTERRUPTED' });
    expect((await rows.steps(workflow.id)).deploy.status).toBe('succeeded');
  });
});

describe('a worker that was not seen for a while, after an outage or a pause', () => {
  test('a worker that was cut off continues with its call: it is not repeated, and no death is counted', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = (_call, nth) => (nth === 1 ? after(gate.promise, json({ story: 'At last.' })) : undefined);
    const paused = await start({ isSoleProcess: true });
    const { workflow } = await paused.service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('story');
    await database.db.execute(sql`with seen as (update workers set seen_at = clock_timestamp() - interval '1 minute')
      update steps set available_at = clock_timestamp() - interval '1 second' where available_at is not null`);
    await waitFor('the reconciler to have looked at the step', async () => {
      const { availableAt } = (await rows.steps(workflow.id)).story;
      return availableAt !== null && availableAt > new Date();
    });
    const other = await paused.service.start('local', { userInput: 'another lamp' });
    await rows.ended(other.workflow.id);

    gate.resolve();
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect((await rows.steps(workflow.id)).story).toMatchObject({
      result: { story: 'At last.' },
      interruptions: 0,
      leaseNumber: 1,
    });
  });
});

describe('a lease that was saved, but whose answer was lost', () => {
  test('a worker releases a lease that it does not know of, and the workflow continues', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    await start({ isSoleProcess: false });
    const [worker] = await database.db.select().from(tables.workers);
    const other = await start({ isSoleProcess: false });
    await other.stop(0);
    const { workflow } = await other.service.start('local', { userInput: 'a lamp' });
    const step = { workflowId: workflow.id, agent: 'story' } as const;
    await createWorkflowStore(database.db).change(step, (snapshot) =>
      takeStep(snapshot, 'story', { id: worker?.id ?? '', mayTakeOver: false }, DEFAULT_RETRY_POLICY),
    );

    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect(agents.callsOf('story')).toHaveLength(1);
    expect((await rows.steps(workflow.id)).story).toMatchObject({ attempt: 1, interruptions: 0 });
  });
});

describe('lines that were saved, but whose answer was lost', () => {
  test('lines that are appended again after their answer was lost are in the log once', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    agents.script.story = hang;
    const { service } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('story');
    const { leaseWorkerId } = (await rows.steps(workflow.id)).story;
    const [lease] = await createLeaseStore(database.db).renew(leaseWorkerId ?? '');
    if (lease === undefined) throw new Error('the worker has no lease');
    const append = createAgentLogWriter(database.db);
    const before = await rows.lines(room.id);
    const lines = ['one', 'two'].map((message) => ({
      ...({ agentType: 'story', level: 'info' } as const),
      message,
      metadata: { message },
    }));

    const saved = await append(lease, room.id, lines, before.length);
    expect(saved?.map(({ seq }) => seq)).toEqual([before.length + 1, before.length + 2]);
    expect(await append(lease, room.id, lines, before.length)).toEqual(saved);
    // The same messages at another position are another batch.
    expect(await append(lease, room.id, lines, before.length + 2)).toHaveLength(2);
    expect((await rows.lines(room.id)).slice(before.length).map(({ message }) => message)).toEqual([
      ...['one', 'two'],
      ...['one', 'two'],
    ]);
    await service.cancel('local', workflow.id);
    expect(await append(lease, room.id, lines, before.length + 4)).toBeNull();
  });
});

describe('a lost dispatch', () => {
  test('a lost dispatch is repeated from the table', async ({ agents, database, start, rows }) => {
    const first = await start();
    await first.stop(0);
    const { workflow } = await first.service.start('local', { userInput: 'a lamp' });
    expect(agents.calls).toEqual([]);
    await database.db.execute(sql`update steps set available_at = clock_timestamp() where available_at is not null`);
    await start({ isSoleProcess: false });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
  });
});
