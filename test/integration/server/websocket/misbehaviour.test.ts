import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createInProcessPubSub } from '../../../../src/pubsub/in-process-pubsub.ts';
import { openRawSubscriber } from '../../../support/clients/raw-websocket.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import {
  createLogWriter,
  type LogWriter,
  newRoom,
  startSubscriptionServer,
  type TestRoom,
} from '../../../support/server/subscription-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

const LOGS = 'subscription ($room: ID!) { agentLogs(roomId: $room) { seq } }';

const pubsub = createInProcessPubSub();
let database: TestDatabase;
let writer: LogWriter;
let served: Awaited<ReturnType<typeof startSubscriptionServer>>;
beforeAll(async () => {
  database = await createTestDatabase();
  writer = createLogWriter(database, pubsub);
  served = await startSubscriptionServer({ database, pubsub });
});
afterAll(async () => {
  await served.server.close();
  await database.drop();
});

async function watcherOf(room: TestRoom) {
  const watcher = await openRawSubscriber(served.server.endpoint);
  onTestFinished(() => watcher.close());
  return { ...watcher, watch: (id: string) => watcher.subscribe(id, LOGS, { room: room.roomId }) };
}

const allEnded = () => waitFor('all subscriptions to end', () => served.hub.stats().watchers === 0);
const someLines = (room: TestRoom, count: number) =>
  writer.write(
    room,
    Array.from({ length: count }, () => ({})),
  );

describe('clients that misbehave', () => {
  test('a client that reuses an id immediately, 200 times, leaves nothing behind', async () => {
    const room = await newRoom(database);
    const { watch, complete, texts, close } = await watcherOf(room);
    for (let time = 0; time < 200; time++) {
      watch('same');
      complete('same');
    }
    watch('same');
    await someLines(room, 1);
    await waitFor('the last subscription to get the line', () => texts('same').length > 0);
    complete('same');
    watch('same');
    close();
    await allEnded();
  });

  test('a subscription completed during a burst gets nothing more, while others on its socket continue', async () => {
    const room = await newRoom(database);
    const { watch, complete, texts } = await watcherOf(room);
    watch('stays');
    watch('leaves');
    await someLines(room, 1);
    await waitFor(
      'both subscriptions to get the line',
      () => texts('stays').length === 1 && texts('leaves').length === 1,
    );
    complete('leaves');
    await waitFor('one subscription to end', () => served.hub.stats().watchers === 1);
    const before = texts('leaves').length;
    await someLines(room, 500);
    await waitFor('all lines', () => texts('stays').length === 501);
    expect(texts('leaves').length).toBe(before);
  });

  test('a client that subscribes with 300 different aliases and disconnects leaves nothing behind', async () => {
    const room = await newRoom(database);
    const watcher = await watcherOf(room);
    const ids = Array.from({ length: 300 }, (_, index) => `a${index}`);
    for (const id of ids) watcher.subscribe(id, LOGS.replace('seq', `${id}: seq`), { room: room.roomId });
    await someLines(room, 20);
    await waitFor('all lines of all subscriptions', () => ids.every((id) => watcher.texts(id).length === 20));
    watcher.close();
    await allEnded();
  });
});
