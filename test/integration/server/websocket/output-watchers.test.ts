import { subscribe as listen, unsubscribe as stopListening } from 'node:diagnostics_channel';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createInProcessPubSub } from '../../../../src/pubsub/in-process-pubsub.ts';
import { buildSchema } from '../../../../src/schema/index.ts';
import { openRawSubscriber } from '../../../support/clients/raw-websocket.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { openRedisPubSub } from '../../../support/redis/redis-pubsub.ts';
import { startRedis, type TestRedis } from '../../../support/redis/test-redis.ts';
import { openOutputSource } from '../../../support/server/output-source.ts';
import {
  newRoom,
  type SubscriptionServerOptions,
  startSubscriptionServer,
} from '../../../support/server/subscription-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

const OUTPUT = `subscription ($workflow: ID!, $after: ID) {
  stepOutput(workflowId: $workflow, step: "story", after: $after) { id channel offset text } }`;

let database: TestDatabase;
let redis: TestRedis;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis({ own: true })]);
});
afterAll(() => Promise.all([database.drop(), redis.stop()]));

async function serve(options: Partial<SubscriptionServerOptions> = {}) {
  const pubsub = options.pubsub ?? createInProcessPubSub();
  const started = await startSubscriptionServer({ database, pubsub, ...options });
  onTestFinished(() => started.server.close());
  const room = await newRoom(database);
  return { ...started, pubsub, room, output: await openOutputSource(database, pubsub, room) };
}

type Part = { id: string; channel: string; offset: number; text: string };
const partsIn = (texts: readonly string[]): Part[] =>
  texts.map((text) => (JSON.parse(text) as { payload: { data: { stepOutput: Part } } }).payload.data.stepOutput);

/** The text that a client has after these parts. Fails if one repeats text, or if text before it is missing. */
function textAfter(parts: readonly Part[], known = ''): string {
  return parts.reduce((text, part) => {
    if (part.offset !== 0) expect(part.offset).toBe(text.length);
    return text.slice(0, part.offset) + part.text;
  }, known);
}

/** Watches until the text is `last`; disconnects after every `partsEach` parts and reconnects with the last id. */
async function watch(endpoint: string, workflow: string, last: () => string, partsEach: number): Promise<void> {
  let text = '';
  let after: string | null = null;
  while (text !== last()) {
    const watcher = await openRawSubscriber(endpoint);
    watcher.subscribe('1', OUTPUT, { workflow, after });
    await waitFor(
      'more parts',
      () => watcher.texts('1').length >= partsEach || textAfter(partsIn(watcher.texts('1')), text) === last(),
    );
    watcher.close();
    const parts = partsIn(watcher.texts('1'));
    text = textAfter(parts, text);
    after = parts.at(-1)?.id ?? after;
  }
}

test('watchers that disconnect at any moment and reconnect have each character once, in order, while Redis is killed and calls are repeated', async () => {
  const outside = openRedisPubSub(redis.url);
  const { server, room } = await serve({ pubsub: openRedisPubSub(redis.url), pollMs: 200 });
  const output = await openOutputSource(database, outside, room);
  let whole = '';
  let isDone = false;
  const watchers = Array.from({ length: 12 }, (_, index) =>
    watch(server.endpoint, room.workflowId, () => (isDone ? whole : '-'), index % 3 === 0 ? 1_000 : 1 + index),
  );
  const writing = (async () => {
    for (let part = 0; part < 300; part += 1) {
      if (part % 100 === 99) {
        await output.repeat();
        whole = '';
      }
      const text = `${part} 😀 `;
      whole += text;
      await output.write(text);
    }
    isDone = true;
  })();
  await redis.restart();
  await writing;
  await Promise.all(watchers);
}, 60_000);

test('a part of output is executed once for all watchers, whichever offset or channel they asked for', async () => {
  const schema = buildSchema();
  const field = schema.getSubscriptionType()?.getFields()['stepOutput'];
  let executions = 0;
  if (field !== undefined) {
    field.resolve = (part) => {
      executions += 1;
      return part;
    };
  }
  const { server, room, output } = await serve({ schema });
  const watchers = await Promise.all(Array.from({ length: 20 }, () => openRawSubscriber(server.endpoint)));
  for (const [index, { subscribe }] of watchers.entries()) {
    const more = [', channel: "output"', ', offset: 0', ''][index % 3];
    const query = `subscription ($workflow: ID!) { stepOutput(workflowId: $workflow, step: "story"${more}) { offset text } }`;
    subscribe('1', query, { workflow: room.workflowId });
  }
  await output.write('A lamp');
  const have = (text: string) => () => watchers.every(({ texts }) => textAfter(partsIn(texts('1'))) === text);
  await waitFor('the first part', have('A lamp'));
  executions = 0;
  await output.write(' went');
  await waitFor('the second part', have('A lamp went'));
  await output.write(' out');
  await waitFor('the third part', have('A lamp went out'));
  expect(executions).toBe(2);
  for (const { close } of watchers) close();
});

test('a watcher that does not read has a bounded amount buffered, and all text in order once it reads', async () => {
  const limit = 256 * 1024;
  const sockets: { writableLength: number }[] = [];
  const note = (message: unknown) => void sockets.push((message as { socket: { writableLength: number } }).socket);
  const { server, room, output, outputHub } = await serve({ server: { bufferBytes: limit, stallTimeoutMs: 60_000 } });
  listen('net.server.socket', note);
  const watcher = await openRawSubscriber(server.endpoint);
  stopListening('net.server.socket', note);
  const ids = Array.from({ length: 100 }, (_, index) => `${index}`);
  for (const id of ids) watcher.subscribe(id, OUTPUT, { workflow: room.workflowId });
  await waitFor('all subscriptions', () => outputHub.stats().watchers === ids.length);
  watcher.socket.pause();
  const text = 'x'.repeat(20_000);
  for (let part = 0; part < 10; part += 1) await output.write(text);
  const waiting = () => Math.max(...sockets.map(({ writableLength }) => writableLength));
  await waitFor('the socket to be full', () => waiting() > limit / 2);
  expect(waiting()).toBeLessThan(limit + 40_000);
  await output.write('the end');
  expect(waiting()).toBeLessThan(limit + 40_000);
  watcher.socket.resume();
  const whole = `${text.repeat(10)}the end`;
  await waitFor('all text', () => ids.every((id) => textAfter(partsIn(watcher.texts(id))) === whole), 30_000);
  watcher.close();
}, 60_000);

test('short subscriptions leave no channel and no feed behind, in whatever moment they end', async () => {
  const { server, room, hub, outputHub } = await serve({ pubsub: openRedisPubSub(redis.url) });
  const watcher = await openRawSubscriber(server.endpoint);
  for (let first = 0; first < 1_000; first += 250) {
    const ids = Array.from({ length: 250 }, (_, index) => `${first + index}`);
    for (const id of ids) watcher.subscribe(id, OUTPUT, { workflow: room.workflowId });
    if (first % 500 === 0) await waitFor('all subscriptions', () => outputHub.stats().watchers === ids.length);
    for (const id of ids) watcher.complete(id);
    const pong = new Promise((resolve) => watcher.socket.once('pong', resolve));
    watcher.socket.ping();
    await pong;
    await waitFor('all subscriptions to end', () => outputHub.stats().watchers === 0 && hub.stats().watchers === 0);
  }
  expect(outputHub.stats()).toEqual({ feeds: 0, watchers: 0 });
  const admin = new Redis(redis.url);
  onTestFinished(() => admin.disconnect());
  await waitFor('no channel', async () => ((await admin.pubsub('CHANNELS', 'room:*')) as string[]).length === 0);
  watcher.close();
}, 60_000);
