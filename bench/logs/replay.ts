import { appendLines } from '../../src/db/append-lines.ts';
import type { Database } from '../../src/db/client.ts';
import { createLogReader } from '../../src/db/log-reader.ts';
import { createOutputReader } from '../../src/db/output-reader.ts';
import { createReads } from '../../src/db/reads/create-reads.ts';
import { createHub } from '../../src/logs/hub.ts';
import { createOutputHub } from '../../src/logs/output/output-hub.ts';
import { createSubscriptions } from '../../src/logs/subscriptions.ts';
import { createInProcessPubSub } from '../../src/pubsub/in-process-pubsub.ts';
import { createContext } from '../../src/schema/context.ts';
import { buildSchema } from '../../src/schema/index.ts';
import { collect, subscribeSse, subscribeWs } from '../../test/support/clients/graphql-clients.ts';
import { linesFrom, ndjsonFrom } from '../../test/support/clients/room-log-clients.ts';
import { insertQueuedWorkflow, insertRoom } from '../../test/support/databases/rows.ts';
import { startTestServer } from '../../test/support/server/test-server.ts';

const LINES = 1_000;
const WATCH = `subscription ($roomId: ID!) {
  agentLogs(roomId: $roomId) { id seq timestamp agentType level message metadata workflowId } }`;

/** Measures the time from connecting to a room's thousandth line, in ms, over each transport. */
export async function measureReplay(database: Database, times: number): Promise<Record<string, number[]>> {
  const { db } = database;
  const viewerId = 'local';
  const roomId = await insertRoom(db, viewerId);
  const room = { roomId, workflowId: await insertQueuedWorkflow(db, { viewerId, roomId }) };
  const message = 'a line such as agents write while they work, of some eighty letters in all, not short';
  const line = { agentType: 'story', level: 'info', message, metadata: { step: 3 } } as const;
  await appendLines(
    database.client,
    room,
    Array.from({ length: LINES }, () => line),
  );
  const logs = createLogReader(db);
  const pubsub = createInProcessPubSub();
  const hub = createHub({ logs, pubsub, onError: (error) => console.error(error) });
  const reads = createReads(db);
  const outputHub = createOutputHub({ hub, pubsub, outputs: createOutputReader(db) });
  const watch = createSubscriptions({ hub, outputHub, logs, rooms: reads.rooms, workflows: reads.workflows });
  // These services are not used: logs are only read here.
  const none = {} as never;
  await using server = await startTestServer({
    schema: buildSchema(),
    logs: watch,
    createContext: (caller) =>
      createContext(
        {
          reads,
          subscriptions: watch,
          agentTimeoutsMs: none,
          workflows: none,
          issueRoomToken: none,
          reportAgents: none,
        },
        caller,
      ),
  });
  const log = `${server.url}/rooms/${roomId}/logs`;
  const ways: Record<string, () => Promise<{ length: number }>> = {
    'GraphQL over WebSocket': () => collect(subscribeWs(server.endpoint, WATCH, { roomId }), LINES),
    'GraphQL over SSE': () => collect(subscribeSse(server.endpoint, WATCH, { roomId }), LINES),
    'GET …/logs': () => linesFrom(log, { count: LINES }),
    'GET …/logs.ndjson': () => ndjsonFrom(`${log}.ndjson`),
  };
  const durations = Object.fromEntries(Object.keys(ways).map((way): [string, number[]] => [way, []]));
  for (let time = -5; time < times; time += 1) {
    for (const [way, replay] of Object.entries(ways)) {
      const begun = performance.now();
      const { length } = await replay();
      if (length !== LINES) throw new Error(`${way}: ${length} lines instead of ${LINES}`);
      if (time >= 0) durations[way]?.push(performance.now() - begun);
    }
  }
  hub.close();
  return durations;
}
