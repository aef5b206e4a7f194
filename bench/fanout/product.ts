import { connectDb } from '../../src/db/client.ts';
import { createLogReader } from '../../src/db/log-reader.ts';
import { createOutputReader } from '../../src/db/output-reader.ts';
import { createReads } from '../../src/db/reads/create-reads.ts';
import { createHub } from '../../src/logs/hub.ts';
import { createOutputHub } from '../../src/logs/output/output-hub.ts';
import { createSubscriptions } from '../../src/logs/subscriptions.ts';
import { createRedisPubSub } from '../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../src/redis/pubsub-connections.ts';
import { createContext } from '../../src/schema/context.ts';
import { buildSchema } from '../../src/schema/index.ts';
import { startServer } from '../../src/server/start-server.ts';
import type { StartContestant } from './contestant.ts';

/** The product's API as app.ts composes it, without the workflow engine. */
export const start: StartContestant = async ({ redisUrl, databaseUrl }) => {
  const { db } = connectDb(databaseUrl);
  const logs = createLogReader(db);
  const reads = createReads(db);
  const pubsub = createRedisPubSub(openPubSubConnections(redisUrl, report), report);
  const hub = createHub({ logs, pubsub, onError: report });
  const outputHub = createOutputHub({ hub, pubsub, outputs: createOutputReader(db) });
  const watch = createSubscriptions({ hub, outputHub, logs, rooms: reads.rooms, workflows: reads.workflows });
  const unused = {} as never;
  const server = await startServer({
    role: 'api',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    schema: buildSchema(),
    identify: async () => ({ viewerId: 'local' }),
    createContext: (caller) =>
      createContext(
        {
          reads,
          subscriptions: watch,
          agentTimeoutsMs: unused,
          workflows: unused,
          issueRoomToken: unused,
          reportAgents: unused,
        },
        caller,
      ),
    content: unused,
    logs: watch,
    health: { live: () => ({ ok: true }), ready: async () => ({ ok: true }) },
    rateLimits: { operation: async () => {}, start: async () => {} },
    socketsPerViewer: null,
    trustedProxies: 0,
    corsOrigins: null,
    localViewer: true,
    graphiql: false,
    ui: false,
    introspection: true,
    isUnavailable: () => false,
    log: {
      info: () => {},
      warn: (fields, message) => report(message, fields),
      error: (fields, message) => report(message, fields),
    },
  });
  return { url: `${server.url}/graphql` };
};

function report(...what: unknown[]): void {
  console.error('product:', ...what);
}
