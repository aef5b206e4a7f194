import { onTestFinished } from 'vitest';
import { appendLines } from '../../../src/db/append-lines.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import { createHub } from '../../../src/logs/hub.ts';
import type { OutputHub } from '../../../src/logs/output/output-hub.ts';
import { createPublishLines } from '../../../src/logs/publish-lines.ts';
import { createSubscriptions } from '../../../src/logs/subscriptions.ts';
import type { NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import type { ServerOptions } from '../../../src/server/server-options.ts';
import { insertQueuedWorkflow, insertRoom } from '../databases/rows.ts';
import type { TestDatabase } from '../databases/test-database.ts';
import { fake } from '../fake.ts';
import { contextOf, schema } from '../graphql/execute.ts';
import { startTestServer } from './test-server.ts';

export type TestRoom = { roomId: string; workflowId: string };

/** Starts the server with the logs of a database, but without agents: the test writes the log. It ends with the test. */
export async function startRoomLogServer({ db }: TestDatabase, options: Partial<ServerOptions> = {}) {
  const pubsub = createInProcessPubSub();
  const reader = createLogReader(db);
  /** The number of pages that were read from each room. */
  const pages = new Map<string, number>();
  const logs: LogReader = {
    ...reader,
    readAfter(roomId, ...rest) {
      pages.set(roomId, (pages.get(roomId) ?? 0) + 1);
      return reader.readAfter(roomId, ...rest);
    },
  };
  const hub = createHub({ logs, pubsub: pubsub, pollMs: 200, onError: () => undefined });
  const { rooms, workflows } = createReads(db);
  const watch = createSubscriptions({ hub, outputHub: fake<OutputHub>('outputHub'), logs, rooms, workflows });
  const server = await startTestServer({
    logs: watch,
    schema,
    createContext: ({ viewerId }) => contextOf(db, viewerId, { subscriptions: watch }),
    ...options,
  });
  const publish = createPublishLines(pubsub.publish);
  onTestFinished(async () => {
    await server.close();
    hub.close();
  });
  return {
    ...server,
    hub,
    watch,
    pages: (roomId: string) => pages.get(roomId) ?? 0,
    logUrl: (roomId: string, rest = '') => `${server.url}/rooms/${roomId}/logs${rest}`,
    async newRoom(viewerId = 'local'): Promise<TestRoom> {
      const roomId = await insertRoom(db, viewerId);
      return { roomId, workflowId: await insertQueuedWorkflow(db, { viewerId, roomId }) };
    },
    async write(room: TestRoom, messages: readonly string[], more: Partial<NewLogLine> = {}): Promise<void> {
      const lines = messages.map(
        (message) => ({ agentType: 'story', level: 'info', message, metadata: null, ...more }) as const,
      );
      publish(await appendLines(db.$client, room, lines));
    },
  };
}

export type RoomLogServer = Awaited<ReturnType<typeof startRoomLogServer>>;

export const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
