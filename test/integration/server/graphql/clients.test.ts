import { gql } from '@apollo/client';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { apolloOver, resuming, urqlOver } from '../../../../examples/resuming-client.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { startTcpProxy } from '../../../support/network/tcp-proxy.ts';
import { numbered, startRoomLogServer } from '../../../support/server/room-log-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const WATCH = `subscription ($roomId: ID!, $after: ID) { agentLogs(roomId: $roomId, after: $after) { id message } }`;
type Logged = { agentLogs: { id: string; message: string } };

/** Watches a room as users of that client do. Returns a function that unsubscribes. */
type Watcher = (client: Client, roomId: string, saw: (message: string) => void) => () => void;

const watchers: Record<string, Watcher> = {
  'the graphql-ws client': (client, roomId, saw) =>
    resuming(client).subscribe<Logged>(
      { query: WATCH, variables: { roomId } },
      { next: ({ data }) => void (data && saw(data.agentLogs.message)), error: failed, complete: () => undefined },
    ),
  'Apollo Client': (client, roomId, saw) => {
    const apollo = apolloOver(client);
    const watching = apollo
      .subscribe<Logged>({ query: gql(WATCH), variables: { roomId }, fetchPolicy: 'no-cache' })
      .subscribe({ next: ({ data }) => void (data && saw(data.agentLogs.message)), error: failed });
    return () => {
      watching.unsubscribe();
      apollo.stop();
    };
  },
  urql: (client, roomId, saw) =>
    urqlOver(client, 'http://localhost/never-asked')
      .subscription<Logged>(WATCH, { roomId })
      .subscribe(({ data, error }) => {
        if (error) failed(error);
        if (data) saw(data.agentLogs.message);
      }).unsubscribe,
};

const failed = (error: unknown) => expect.fail(`the subscription failed: ${String(error)}`);

test.each(Object.entries(watchers))(
  '%s gets each line once, in order, although it loses its connection twice',
  async (_, watch) => {
    const server = await startRoomLogServer(database);
    const proxy = await startTcpProxy(server.port);
    onTestFinished(() => proxy.close());
    const room = await server.newRoom();
    await server.write(room, numbered(1, 5));
    const client = createClient({
      url: `ws://127.0.0.1:${proxy.port}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 1_000,
      shouldRetry: () => true,
      // The client's own delay between attempts is random and long.
      retryWait: () => new Promise((resolve) => setImmediate(resolve)),
    });
    onTestFinished(() => void client.dispose());

    const seen: string[] = [];
    const unsubscribe = watch(client, room.roomId, (message) => seen.push(message));
    for (const lines of [5, 15]) {
      await waitFor(`${lines} lines`, () => seen.length === lines);
      await server.write(room, numbered(lines + 1, lines + 5));
      await waitFor('live lines', () => seen.length === lines + 5);
      proxy.cut();
      await server.write(room, numbered(lines + 6, lines + 10));
      proxy.restore();
    }
    await waitFor('the last line', () => seen.length >= 25);
    expect(seen).toEqual(numbered(1, 25));
    unsubscribe();
    await waitFor('all feeds to close', () => server.hub.stats().feeds === 0);
  },
);
