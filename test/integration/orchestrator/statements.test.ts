import { describe, expect, inject } from 'vitest';
import { connectDb } from '../../../src/db/client.ts';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../../support/agents/scripted-agents.ts';
import { stream } from '../../support/agents/scripted-answers.ts';
import { type StatementCounter, startStatementCounter } from '../../support/databases/statement-counter.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { createTestEngine } from '../../support/engine/test-engine.ts';
import { agentUrls, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const test = base.extend<{ counter: StatementCounter }>({
  counter: async ({ database }, use) => {
    const counter = await startStatementCounter(database.url);
    await use(counter);
    counter.close();
  },
});

const WORKFLOWS = 5;
const LINES = 30;

test('a workflow whose agents answer at once, with 30 lines each, takes 10 statements', async ({
  agents,
  counter,
  database,
  rows,
}) => {
  for (const agent of AGENT_NAMES) {
    const lines = Array.from(
      { length: LINES },
      (_, index) => `${JSON.stringify({ log: { message: `line ${index}` } })}\n`,
    );
    const body = [...lines, JSON.stringify({ result: GOOD_ANSWERS[agent] })].join('');
    agents.script[agent] = () => stream([body]);
  }
  const counted = connectDb(counter.url);
  const engine = createTestEngine({ ...database, ...counted }, { urls: agents.urls });
  await engine.work();
  const isHeard = (part: string) => counter.statements.some((statement) => statement.includes(part));
  await waitFor(
    'all periodic work to have run once',
    () => isHeard('insert into workers') && isHeard('select distinct viewer_id'),
  );
  const before = new Set(counter.statements);

  const room = await engine.service.createRoom('local', {});
  const ended = [];
  const from = counter.statements.length;
  for (let index = 0; index < WORKFLOWS; index += 1) {
    const input = { roomId: room.id, userInput: 'a lamp', idempotencyKey: `key ${index}` };
    const { workflow } = await engine.service.start('local', input);
    ended.push(await rows.ended(workflow.id));
  }
  const own = counter.statements.slice(from).filter((statement) => !before.has(statement));
  await engine.stop(1_000);
  await counted.close();

  expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: WORKFLOWS }, () => 'succeeded'));
  expect(await rows.lines(room.id)).toHaveLength(WORKFLOWS * (1 + 4 * (LINES + 2) + 3));
  expect(own.length / WORKFLOWS).toBeLessThanOrEqual(10);
});

describe('an idle process', () => {
  for (const redis of [false, true]) {
    test(`an idle process sends at most two statements per second ${redis ? 'with Redis' : 'without Redis'}`, async ({
      agents,
      counter,
    }) => {
      const service = await startService({
        DATABASE_URL: counter.url,
        ...(redis ? { REDIS_URL: inject('redisUrl') } : {}),
        ...agentUrls(agents.urls),
      });
      // Its heartbeat, every two seconds, is the clock of this test, however slow the machine is.
      const beats = () => counter.statements.filter((statement) => /insert into "?workers/.test(statement)).length;
      const nextBeat = async (after: number) => waitFor('a heartbeat', () => beats() > after);
      await nextBeat(beats());
      const from = counter.statements.length;
      for (let count = 0; count < 3; count += 1) await nextBeat(beats());
      const perSecond = (counter.statements.length - from) / (3 * 2);
      await service.stop();
      expect(perSecond).toBeGreaterThan(0);
      expect(perSecond).toBeLessThanOrEqual(2);
    });
  }
});
