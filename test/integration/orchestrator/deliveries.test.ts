import { afterEach, describe, expect } from 'vitest';
import { createOutbox } from '../../../src/db/outbox.ts';
import { createDeliveries, type DeliveryOutcome } from '../../../src/orchestrator/deliveries.ts';
import type { Outbox } from '../../../src/orchestrator/ports/outbox.ts';
import type { TestDatabase } from '../../support/databases/test-database.ts';
import { test } from '../../support/engine/fixtures.ts';
import { waitFor } from '../../support/wait-for.ts';

const NEVER = new AbortController().signal;
const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((deliveries) => deliveries.stop())));

/** A process that delivers to `target`, and what it reported. */
function startProcess(outbox: Outbox, deliver: (key: string) => Promise<string>) {
  const reports: [key: string, attempt: number, outcome: DeliveryOutcome<string>['type']][] = [];
  const deliveries = createDeliveries({
    outbox,
    deliver,
    onAttempt: ({ key, attempt }, { type }) => void reports.push([key, attempt, type]),
    onError: () => {},
    intervalMs: 5,
    initialDelayMs: 5,
  });
  const start = () => void running.push(deliveries.start());
  return { reports, add: deliveries.add, start };
}

const rowsOf = ({ client }: TestDatabase) =>
  client<{ key: string; attempt: number; error: string | null; is_due: boolean | null }[]>`
    select key, attempt, error, available_at <= now() as is_due from outbox order by key`;

/** As if the process that took them had died a while ago. */
const abandon = ({ client }: TestDatabase) => client`update outbox set available_at = now() - interval '1 second'`;

describe('deliveries', () => {
  test('a delivery that succeeds at once leaves nothing behind', async ({ database }) => {
    const { add } = startProcess(createOutbox(database.db, 'test'), async (key) => `got ${key}`);
    expect(await add('a', NEVER)).toEqual({ type: 'delivered', result: 'got a' });
    expect(await rowsOf(database)).toEqual([]);
  });

  test('a delivery that fails is repeated with growing waits until it succeeds', async ({ database }) => {
    let calls = 0;
    const { add, start, reports } = startProcess(createOutbox(database.db, 'test'), async () => {
      calls += 1;
      if (calls < 4) throw new Error(`down ${calls}`);
      return 'done';
    });
    expect(await add('a', NEVER)).toMatchObject({ type: 'failed', error: new Error('down 1'), delayMs: 5 });
    start();
    await waitFor('the delivery', async () => (await rowsOf(database)).length === 0);
    expect(reports).toEqual([
      ['a', 2, 'failed'],
      ['a', 3, 'failed'],
      ['a', 4, 'delivered'],
    ]);
  });

  test('after the last attempt a delivery is kept with its error, and is revived by a restart', async ({
    database,
  }) => {
    const outbox = createOutbox(database.db, 'test');
    let isDown = true;
    const { add, start, reports } = startProcess(outbox, async () => {
      if (isDown) throw new Error('down');
      return 'done';
    });
    await add('a', NEVER);
    await database.client`update outbox set attempt = 199, available_at = now()`;
    start();
    await waitFor('the last attempt', () => reports.length > 0);
    expect(await rowsOf(database)).toEqual([{ key: 'a', attempt: 200, error: 'down', is_due: null }]);
    isDown = false;
    expect(await outbox.revive()).toBe(1);
    await waitFor('the delivery', async () => (await rowsOf(database)).length === 0);
    expect(reports).toEqual([
      ['a', 200, 'failed'],
      ['a', 1, 'delivered'],
    ]);
  });

  test('two processes deliver a backlog of abandoned deliveries, each once', async ({ database }) => {
    const outbox = createOutbox(database.db, 'test');
    await Promise.all(Array.from({ length: 60 }, (_, index) => outbox.add(`key-${index}`)));
    const delivered: string[] = [];
    const processes = [1, 2].map(() => startProcess(outbox, async (key) => `${delivered.push(key)}`));
    await abandon(database);
    for (const { start } of processes) start();
    await waitFor('all deliveries', async () => (await rowsOf(database)).length === 0);
    expect(new Set(delivered).size).toBe(60);
    expect(delivered).toHaveLength(60);
  });

  test('a process that stops aborts its attempts, and they are due again', async ({ database }) => {
    const outbox = createOutbox(database.db, 'test');
    await outbox.add('a');
    await abandon(database);
    const deliveries = createDeliveries({
      outbox,
      deliver: (_key, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      onAttempt: () => expect.unreachable(),
      onError: () => expect.unreachable(),
      intervalMs: 5,
      initialDelayMs: 0,
    });
    const started = deliveries.start();
    await waitFor('the attempt', async () => (await rowsOf(database))[0]?.is_due === false);
    await started.stop();
    expect(await outbox.take(1)).toEqual([{ key: 'a', attempt: 3 }]);
  });
});
