import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isExpectedWorkerError } from '../../../src/dispatch/bullmq-errors.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ own: true });
});
afterAll(() => redis.stop());

test('the errors of a BullMQ worker whose job was lost with the data of Redis are recognized as expected', async () => {
  const connection = { url: redis.url };
  const client = new Redis(redis.url);
  const queue = new Queue('jobs', { connection });
  const gate = Promise.withResolvers<void>();
  const worker = new Worker('jobs', () => gate.promise, { connection, lockDuration: 200 });
  const errors: (Error & { code?: string | number })[] = [];
  worker.on('error', (error) => errors.push(error));
  const active = once(worker, 'active');
  await queue.add('job', {});
  await active;
  await client.flushall();
  await waitFor('a lock that could not be renewed', () => errors.length > 0);
  const renewals = errors.length;
  gate.resolve();
  await waitFor('a job that could not be completed', () => errors.some(({ code }) => code !== undefined));
  await worker.close();
  await queue.close();
  client.disconnect();

  expect(renewals).toBeGreaterThan(0);
  expect(errors.filter((error) => !isExpectedWorkerError(error))).toEqual([]);
});
