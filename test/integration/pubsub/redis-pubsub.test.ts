import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from '../../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../../src/redis/pubsub-connections.ts';
import { openRedisPubSub } from '../../support/redis/redis-pubsub.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ own: true });
});
beforeEach(() => redis.start()); // a failed test may have left it stopped
afterAll(() => redis.stop());

type Opened = PubSub & { errors: Error[] };

function open(): Opened {
  const errors: Error[] = [];
  return { ...openRedisPubSub(redis.url, (error) => errors.push(error)), errors };
}

/** Publishes until a message arrives, because a publisher drops messages until it is connected. */
async function untilReceived(pubsub: PubSub, channel: string, received: readonly unknown[]): Promise<void> {
  const before = received.length;
  await waitFor('a message to arrive', () => {
    pubsub.publish(channel, 'anyone?');
    return received.length > before;
  });
}

async function withAdmin<T>(run: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(redis.url);
  try {
    return await run(admin);
  } finally {
    admin.disconnect();
  }
}

/** 2 s, and time for a busy machine. */
const CLOSES_WITHIN_MS = 3_000;

async function closingMs(pubsub: PubSub): Promise<number> {
  const startedAt = performance.now();
  await pubsub.close();
  return performance.now() - startedAt;
}

const subscribedChannels = () => withAdmin((admin) => admin.pubsub('CHANNELS') as Promise<string[]>);

describe.each([
  ['Redis pub/sub', open],
  ['in-process pub/sub', createInProcessPubSub],
])('%s', (_name, create) => {
  test('a subscriber receives each message of its channel once and in order, until it unsubscribes', async () => {
    const pubsub = create();
    const received: unknown[] = [];
    const others: unknown[] = [];
    const unsubscribe = await pubsub.subscribe('a', (message) => received.push(message));
    await pubsub.subscribe('b', (message) => others.push(message));
    await untilReceived(pubsub, 'a', received);
    const sent = Array.from({ length: 50 }, (_, n) => ({ n, text: 'ö\n"' }));
    for (const message of sent) pubsub.publish('a', message);
    await waitFor('the last', () => (received.at(-1) as { n?: number }).n === 49);
    expect(received.filter((message) => message !== 'anyone?')).toEqual(sent);
    expect(others).toEqual([]);

    unsubscribe();
    const after = received.length;
    pubsub.publish('a', 'nobody listens');
    await untilReceived(pubsub, 'b', others);
    expect(received).toHaveLength(after);
    await pubsub.close();
  });
});

describe('Redis pub/sub', () => {
  test('a subscriber receives everything published after subscribe() has settled', async () => {
    const sender = open();
    const receiver = open();
    const ready: unknown[] = [];
    await sender.subscribe('ready', (message) => ready.push(message));
    await untilReceived(sender, 'ready', ready);
    for (let round = 0; round < 50; round++) {
      const received: unknown[] = [];
      const unsubscribe = await receiver.subscribe('a', (message) => received.push(message));
      sender.publish('a', round);
      await waitFor('the message', () => received.length > 0);
      expect(received).toEqual([round]);
      unsubscribe();
    }
  });

  test('a subscriber receives a message that is not JSON as text', async () => {
    const pubsub = open();
    const received: unknown[] = [];
    await pubsub.subscribe('a', (message) => received.push(message));
    await withAdmin((admin) => admin.publish('a', '{"id": 7'));
    await waitFor('the text', () => received.length > 0);
    expect(received).toEqual(['{"id": 7']);
  });

  test('the last subscriber that leaves a channel unsubscribes from it in Redis', async () => {
    const pubsub = open();
    const unsubscribe = await pubsub.subscribe('a', () => undefined);
    expect(await subscribedChannels()).toContain('a');
    unsubscribe();
    await waitFor('the channel to go', async () => !(await subscribedChannels()).includes('a'));
  });

  test('messages published while Redis is unavailable are dropped, and the outage is reported once per connection', async () => {
    const pubsub = open();
    const received: unknown[] = [];
    await pubsub.subscribe('a', (message) => received.push(message));
    await untilReceived(pubsub, 'a', received);
    await redis.stop();
    await waitFor('the loss to be noticed', () => pubsub.errors.length > 0);
    for (let n = 0; n < 100; n++) pubsub.publish('a', 'lost');
    await redis.start();
    await untilReceived(pubsub, 'a', received);
    expect(received).not.toContain('lost');
    expect(pubsub.errors.length).toBeLessThanOrEqual(2); // one a connection
  });

  test('onReconnect listeners are called once the subscriptions work again', async () => {
    const pubsub = open();
    const received: unknown[] = [];
    await pubsub.subscribe('a', (message) => received.push(message));
    await untilReceived(pubsub, 'a', received);
    const reconnected = Promise.withResolvers<void>();
    pubsub.onReconnect(reconnected.resolve);
    await redis.restart();
    await reconnected.promise;
    await withAdmin((admin) => admin.publish('a', '"received"'));
    await waitFor('the message', () => received.includes('received'));
  });

  test('a subscription made while Redis is unavailable settles when Redis is back', async () => {
    await redis.stop();
    const pubsub = open();
    const received: unknown[] = [];
    const subscribed = pubsub.subscribe('a', (message) => received.push(message));
    await waitFor('a failed attempt', () => pubsub.errors.length > 0);
    await redis.start();
    await subscribed;
    await withAdmin((admin) => admin.publish('a', '"received"'));
    await waitFor('the message', () => received.length > 0);
  });

  test('a channel left while Redis is unavailable is not subscribed to again', async () => {
    const pubsub = open();
    const unsubscribe = await pubsub.subscribe('left', () => undefined);
    await pubsub.subscribe('kept', () => undefined);
    await redis.stop();
    await waitFor('the loss to be noticed', () => pubsub.errors.length > 0);
    unsubscribe();
    await redis.start();
    await waitFor('one channel', async () => (await subscribedChannels()).join() === 'kept');
  });

  test('close() settles although Redis was never available', async () => {
    await redis.stop();
    const pubsub = open();
    void pubsub.subscribe('a', () => undefined);
    await waitFor('a failed attempt', () => pubsub.errors.length > 0);
    expect(await closingMs(pubsub)).toBeLessThan(CLOSES_WITHIN_MS);
    pubsub.publish('a', 'dropped');
    await redis.start();
    expect(await withAdmin((admin) => admin.client('LIST') as Promise<string>)).not.toMatch(/cmd=subscribe/);
  });

  test('close() settles at any moment of a reconnection, within 2 s', async () => {
    for (let ticks = 0; ticks < 2_000; ticks += 100) {
      const pubsub = open();
      await pubsub.subscribe('a', () => undefined);
      const restarted = redis.restart();
      for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate);
      expect(await closingMs(pubsub)).toBeLessThan(CLOSES_WITHIN_MS);
      await restarted;
    }
  });

  test('close() settles within 2 s although Redis hangs', async () => {
    const pubsub = open();
    await pubsub.subscribe('a', () => undefined);
    const pid = redis.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    pubsub.publish('a', 'never answered');
    expect(await closingMs(pubsub)).toBeLessThan(CLOSES_WITHIN_MS);
  });

  test('a channel that Redis denies is reported, and other channels still work', async () => {
    await withAdmin((admin) => admin.acl('SETUSER', 'confined', 'on', '>secret', '+@all', 'resetchannels', '&mine*'));
    const errors: Error[] = [];
    const report = (error: Error) => void errors.push(error);
    const pubsub = createRedisPubSub(
      openPubSubConnections(redis.url.replace('//', '//confined:secret@'), report),
      report,
    );
    onTestFinished(() => pubsub.close());
    void pubsub.subscribe('theirs', () => undefined);
    await waitFor('the refusal', () => errors.length > 0);
    expect(errors[0]?.message).toMatch(/NOPERM/);
    await pubsub.subscribe('mine', () => undefined);
  });
});
