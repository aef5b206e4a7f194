import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import type { PubSub } from '../../../src/pubsub/pubsub.ts';
import { createRedisPubSub } from '../../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../../src/redis/pubsub-connections.ts';
import { openRedisPubSub } from '../../support/redis/redis-pubsub.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ own: true });
});
beforeEach(() => redis.start()); // a test that failed may have left it stopped
afterAll(() => redis.stop());

type Opened = PubSub & { troubles: Error[] };

function open(): Opened {
  const troubles: Error[] = [];
  const trouble = (error: Error) => void troubles.push(error);
  return { ...openRedisPubSub(redis.url, trouble), troubles };
}

/** Sends once a round until it arrives, since a publisher that is not connected yet drops what it is given. */
async function untilHeard(pubsub: PubSub, channel: string, heard: readonly unknown[]): Promise<void> {
  const before = heard.length;
  await waitFor('a message to arrive', () => {
    pubsub.publish(channel, 'anyone?');
    return heard.length > before;
  });
}

async function withAdmin<T>(ask: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(redis.url);
  try {
    return await ask(admin);
  } finally {
    admin.disconnect();
  }
}

const channelsInUse = () => withAdmin((admin) => admin.pubsub('CHANNELS') as Promise<string[]>);

describe.each([
  ['over Redis', open],
  ['in one process', createInProcessPubSub],
])('pub/sub %s', (_name, create) => {
  test('brings each message, once and in order, to those who subscribed to its channel, until they leave', async () => {
    const pubsub = create();
    const heard: unknown[] = [];
    const others: unknown[] = [];
    const leave = await pubsub.subscribe('a', (message) => heard.push(message));
    await pubsub.subscribe('b', (message) => others.push(message));
    await untilHeard(pubsub, 'a', heard);
    const sent = Array.from({ length: 50 }, (_, n) => ({ n, text: 'ö\n"' }));
    for (const message of sent) pubsub.publish('a', message);
    await waitFor('the last', () => (heard.at(-1) as { n?: number }).n === 49);
    expect(heard.filter((message) => message !== 'anyone?')).toEqual(sent);
    expect(others).toEqual([]);

    leave();
    const after = heard.length;
    pubsub.publish('a', 'nobody listens');
    await untilHeard(pubsub, 'b', others);
    expect(heard).toHaveLength(after);
    await pubsub.close();
  });
});

describe('pub/sub over Redis', () => {
  test('hears everything sent after subscribe() has settled', async () => {
    const sender = open();
    const receiver = open();
    const ready: unknown[] = [];
    await sender.subscribe('ready', (message) => ready.push(message));
    await untilHeard(sender, 'ready', ready);
    for (let round = 0; round < 50; round++) {
      const heard: unknown[] = [];
      const leave = await receiver.subscribe('a', (message) => heard.push(message));
      sender.publish('a', round);
      await waitFor('the message', () => heard.length > 0);
      expect(heard).toEqual([round]);
      leave();
    }
  });

  test('is not troubled by what is not JSON', async () => {
    const pubsub = open();
    const heard: unknown[] = [];
    await pubsub.subscribe('a', (message) => heard.push(message));
    await withAdmin((admin) => admin.publish('a', '{"id": 7'));
    await waitFor('the text', () => heard.length > 0);
    expect(heard).toEqual(['{"id": 7']);
  });

  test('leaves no channel behind', async () => {
    const pubsub = open();
    const leave = await pubsub.subscribe('a', () => undefined);
    expect(await channelsInUse()).toContain('a');
    leave();
    await waitFor('the channel to go', async () => !(await channelsInUse()).includes('a'));
  });

  test('drops what is published while Redis is away, and says so once', async () => {
    const pubsub = open();
    const heard: unknown[] = [];
    await pubsub.subscribe('a', (message) => heard.push(message));
    await untilHeard(pubsub, 'a', heard);
    await redis.stop();
    await waitFor('the loss to be noticed', () => pubsub.troubles.length > 0);
    for (let n = 0; n < 100; n++) pubsub.publish('a', 'lost');
    await redis.start();
    await untilHeard(pubsub, 'a', heard);
    expect(heard).not.toContain('lost');
    expect(pubsub.troubles.length).toBeLessThanOrEqual(2); // one a connection
  });

  test('tells of a reconnection once its subscriptions are heard again', async () => {
    const pubsub = open();
    const heard: unknown[] = [];
    await pubsub.subscribe('a', (message) => heard.push(message));
    await untilHeard(pubsub, 'a', heard);
    const reconnected = Promise.withResolvers<void>();
    pubsub.onReconnect(reconnected.resolve);
    await redis.restart();
    await reconnected.promise;
    await withAdmin((admin) => admin.publish('a', '"heard"'));
    await waitFor('the message', () => heard.includes('heard'));
  });

  test('subscribes once Redis is there, when it was not', async () => {
    await redis.stop();
    const pubsub = open();
    const heard: unknown[] = [];
    const subscribed = pubsub.subscribe('a', (message) => heard.push(message));
    await waitFor('a vain try', () => pubsub.troubles.length > 0);
    await redis.start();
    await subscribed;
    await withAdmin((admin) => admin.publish('a', '"heard"'));
    await waitFor('the message', () => heard.length > 0);
  });

  test('leaves while Redis is away take effect when it is back', async () => {
    const pubsub = open();
    const leave = await pubsub.subscribe('left', () => undefined);
    await pubsub.subscribe('kept', () => undefined);
    await redis.stop();
    await waitFor('the loss to be noticed', () => pubsub.troubles.length > 0);
    leave();
    await redis.start();
    await waitFor('one channel', async () => (await channelsInUse()).join() === 'kept');
  });

  test('closes though Redis is away and never answered', async () => {
    await redis.stop();
    const pubsub = open();
    void pubsub.subscribe('a', () => undefined);
    await waitFor('a vain try', () => pubsub.troubles.length > 0);
    await pubsub.close();
    pubsub.publish('a', 'dropped');
    await redis.start();
    expect(await withAdmin((admin) => admin.client('LIST') as Promise<string>)).not.toMatch(/cmd=subscribe/);
  });

  test('closes at any moment of a reconnection', async () => {
    for (let turns = 0; turns < 2_000; turns += 100) {
      const pubsub = open();
      await pubsub.subscribe('a', () => undefined);
      const restarted = redis.restart();
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await pubsub.close();
      await restarted;
    }
  });

  test('closes though Redis hangs', async () => {
    const pubsub = open();
    await pubsub.subscribe('a', () => undefined);
    const pid = redis.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    pubsub.publish('a', 'never answered');
    await pubsub.close();
  });

  test('reports a channel that Redis does not let it subscribe to', async () => {
    await withAdmin((admin) => admin.acl('SETUSER', 'confined', 'on', '>secret', '+@all', 'resetchannels', '&mine*'));
    const troubles: Error[] = [];
    const trouble = (error: Error) => void troubles.push(error);
    const pubsub = createRedisPubSub(
      openPubSubConnections(redis.url.replace('//', '//confined:secret@'), trouble),
      trouble,
    );
    onTestFinished(() => pubsub.close());
    void pubsub.subscribe('theirs', () => undefined);
    await waitFor('the refusal', () => troubles.length > 0);
    expect(troubles[0]?.message).toMatch(/NOPERM/);
    await pubsub.subscribe('mine', () => undefined);
  });
});
