import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import { createWorkflowStore } from '../../../src/db/workflow-store.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import { cancel } from '../../../src/orchestrator/transitions.ts';
import { after, hang, json } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

describe('starting a workflow', () => {
  test('starting without a room creates one, which is running at once', async ({ agents, start, rows }) => {
    agents.script.story = hang;
    const { service } = await start();
    const { workflow, room, replayed, logCursor } = await service.start('local', { userInput: '  a lamp ' });
    expect({ replayed, logCursor, status: room.status, input: workflow.userInput }).toEqual({
      replayed: false,
      logCursor: null,
      status: 'running',
      input: 'a lamp',
    });
    expect((await rows.room(room.id)).status).toBe('running');
  });

  test('a hundred simultaneous starts with one idempotency key and the same arguments start one workflow', async ({
    database,
    start,
    rows,
  }) => {
    const { service } = await start();
    const room = await service.createRoom('local', { title: 'Tower' });
    const input = { roomId: room.id, userInput: 'a lamp', idempotencyKey: 'once' };
    const all = await Promise.all(Array.from({ length: 100 }, () => service.start('local', input)));
    expect(new Set(all.map(({ workflow }) => workflow.id)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await rows.ended(all[0]?.workflow.id ?? '');
    expect((await service.start('local', input)).replayed).toBe(true);
    expect(await database.db.$count(tables.workflows)).toBe(1);
  });

  test('an idempotency key with different arguments is refused; another viewer may use the same key', async ({
    start,
    rows,
  }) => {
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp', idempotencyKey: 'once' });
    const conflict = { code: 'IDEMPOTENCY_CONFLICT', details: { workflowId: first.workflow.id } };
    const other = service.start('local', { userInput: 'a bell', idempotencyKey: 'once' });
    await expect(other).rejects.toMatchObject(conflict);
    await rows.ended(first.workflow.id);
    const retry = service.retry('local', first.workflow.id, { from: 'story', idempotencyKey: 'once' });
    await expect(retry).rejects.toMatchObject(conflict);
    expect((await service.start('other', { userInput: 'a bell', idempotencyKey: 'once' })).replayed).toBe(false);
  });

  test('every agent is sent the language and the variation that were asked for, also in a retry', async ({
    agents,
    start,
    rows,
  }) => {
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp', language: 'PT-br', variation: 0 });
    await rows.ended(first.workflow.id);
    const retry = await service.retry('local', first.workflow.id, { from: 'story' });
    await rows.ended(retry.workflow.id);
    for (const { workflow } of [first, retry]) expect(workflow).toMatchObject({ language: 'pt-BR', variation: 0 });
    expect(agents.calls).toHaveLength(8);
    for (const { body } of agents.calls) expect(body).toMatchObject({ language: 'pt-BR', variation: 0 });
  });

  test('without a language and a variation, agents are sent neither', async ({ agents, start, rows }) => {
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    for (const { body } of agents.calls) expect(Object.keys(body as object)).not.toContain('language');
    for (const { body } of agents.calls) expect(Object.keys(body as object)).not.toContain('variation');
  });

  test('a key that was used with another language or variation is refused', async ({ start, rows }) => {
    const { service } = await start();
    const input = { userInput: 'a lamp', idempotencyKey: 'once' };
    const { workflow } = await service.start('local', { ...input, language: 'de' });
    await rows.ended(workflow.id);
    expect((await service.start('local', { ...input, language: 'DE' })).replayed).toBe(true);
    for (const other of [{}, { language: 'fr' }, { language: 'de', variation: 1 }]) {
      await expect(service.start('local', { ...input, ...other })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
      });
    }
  });

  test("of twenty simultaneous starts in a room one succeeds, and the others are refused with its workflow's id", async ({
    agents,
    start,
  }) => {
    agents.script.story = hang;
    const { service } = await start();
    const room = await service.createRoom('local', {});
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        service.start('local', { roomId: room.id, userInput: `idea ${index}` }).then(
          ({ workflow }) => ({ started: workflow.id }),
          (error: { code: string; details: object }) => ({ code: error.code, ...error.details }),
        ),
      ),
    );
    const [started, ...more] = outcomes.filter((outcome) => 'started' in outcome);
    expect(more).toEqual([]);
    const refused = outcomes.filter((outcome) => !('started' in outcome));
    expect(refused).toEqual(
      Array.from({ length: 19 }, () => ({ code: 'WORKFLOW_ALREADY_RUNNING', workflowId: started?.started })),
    );
  });

  test('a start in a room with earlier lines returns the cursor before its own first line', async ({ start, rows }) => {
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    const { logEndSeq } = await rows.ended(first.workflow.id);
    const second = await service.start('local', { userInput: 'a bell', roomId: first.room.id });
    expect(second.logCursor).not.toBeNull();
    expect(second.workflow.logStartSeq).toBe(logEndSeq);
    await rows.ended(second.workflow.id);
  });

  test("starting in someone else's room fails like starting in a room that does not exist", async ({ start }) => {
    const { service } = await start();
    const room = await service.createRoom('local', {});
    for (const roomId of [room.id, '0192aaaa-0000-7000-8000-000000000001', 'no-uuid']) {
      await expect(service.start('other', { roomId, userInput: 'a lamp' })).rejects.toMatchObject({
        code: 'ROOM_NOT_FOUND',
      });
    }
  });

  test("invalid input is refused with the field's name, and nothing is written", async ({ database, start }) => {
    const { service } = await start();
    const bad = ['', '   ', 'x'.repeat(10_001), 'a\ud800', 'a\u0000'];
    for (const userInput of bad) {
      await expect(service.start('local', { userInput })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { field: 'userInput' },
      });
    }
    await expect(service.start('local', { userInput: 'x', idempotencyKey: '' })).rejects.toMatchObject({
      details: { field: 'idempotencyKey' },
    });
    for (const language of ['', 'not a language', `en-${'x'.repeat(40)}`]) {
      await expect(service.start('local', { userInput: 'x', language })).rejects.toMatchObject({
        details: { field: 'language' },
      });
    }
    for (const variation of [-1, 1.5, 2 ** 31]) {
      await expect(service.start('local', { userInput: 'x', variation })).rejects.toMatchObject({
        details: { field: 'variation' },
      });
    }
    await expect(service.createRoom('local', { title: '' })).rejects.toMatchObject({ details: { field: 'title' } });
    expect(await database.db.$count(tables.rooms)).toBe(0);
  });
});

describe('the limit of running workflows per viewer', () => {
  test('workflows beyond the limit are queued and started in order, and do not delay another viewer', async ({
    agents,
    database,
    start,
    rows,
  }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => after(gate.promise, json({ story: 'Once.' }));
    const { service } = await start({ maxRunningPerViewer: 2 });
    const mine = [];
    for (let index = 0; index < 6; index += 1) {
      mine.push((await service.start('local', { userInput: `idea ${index}` })).workflow);
    }
    expect(mine.map(({ status }) => status)).toEqual(['running', 'running', 'queued', 'queued', 'queued', 'queued']);
    expect((await service.start('other', { userInput: 'first' })).workflow.status).toBe('running');

    const [queued] = mine.slice(5);
    expect((await service.cancel('local', queued?.id ?? '')).status).toBe('cancelled');
    gate.resolve();
    const ended = await Promise.all(mine.map(({ id }) => rows.ended(id)));
    expect(ended.map(({ status }) => status)).toEqual([...Array.from({ length: 5 }, () => 'succeeded'), 'cancelled']);
    const starts = ended.slice(0, 5).map(({ startedAt }) => startedAt?.getTime() ?? 0);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(await database.db.$count(tables.workflows, eq(tables.workflows.status, 'queued'))).toBe(0);
  });

  test("a viewer with a thousand workflows does not delay another viewer's first", async ({
    agents,
    database,
    start,
    rows,
  }) => {
    agents.script.story = ({ body }) => ((body as { userId: string }).userId === 'local' ? hang() : undefined);
    const { service } = await start({ maxRunningPerViewer: 20 });
    for (let batch = 0; batch < 20; batch += 1) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => service.start('local', { userInput: `idea ${batch}.${index}` })),
      );
    }
    const { workflow } = await service.start('other', { userInput: 'first' });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    const count = (status: 'running' | 'queued') =>
      database.db.$count(tables.workflows, eq(tables.workflows.status, status));
    expect([await count('running'), await count('queued')]).toEqual([20, 980]);
  });

  test('a new workflow never starts before those queued earlier, not even when one has just ended', async ({
    database,
    start,
    rows,
  }) => {
    const stopped = await start({ maxRunningPerViewer: 1 });
    await stopped.stop(0);
    const { service } = stopped;
    const first = await service.start('local', { userInput: 'first' });
    const second = await service.start('local', { userInput: 'second' });
    // As a process leaves it that dies between the end of a workflow and the promotion of the next.
    await createWorkflowStore(database.db).change({ workflowId: first.workflow.id }, (snapshot) =>
      cancel(snapshot, DEFAULT_RETRY_POLICY),
    );
    const third = await service.start('local', { userInput: 'third' });
    expect(third.workflow.status).toBe('queued');
    expect((await rows.lines(third.room.id))[0]?.metadata).toMatchObject({ runningNow: 0 });

    await start({ maxRunningPerViewer: 1 });
    const ended = [await rows.ended(second.workflow.id), await rows.ended(third.workflow.id)];
    expect(ended.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(ended[0]?.finishedAt?.getTime()).toBeLessThanOrEqual(ended[1]?.startedAt?.getTime() ?? 0);
  });
});
