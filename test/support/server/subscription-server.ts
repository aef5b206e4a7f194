import type { GraphQLSchema } from 'graphql';
import { appendLines } from '../../../src/db/append-lines.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createOutputReader } from '../../../src/db/output-reader.ts';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { createHub, type Hub } from '../../../src/logs/hub.ts';
import { createOutputHub, type OutputHub } from '../../../src/logs/output/output-hub.ts';
import { createPublishLines } from '../../../src/logs/publish-lines.ts';
import { createSubscriptions } from '../../../src/logs/subscriptions.ts';
import type { LogLine, NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../../../src/orchestrator/domain/log-messages.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import { buildSchema } from '../../../src/schema/index.ts';
import type { ServerOptions } from '../../../src/server/server-options.ts';
import { AT, insertQueuedWorkflow, insertRoom } from '../databases/rows.ts';
import type { TestDatabase } from '../databases/test-database.ts';
import { contextOf } from '../graphql/execute.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const VIEWER = 'local';
export type TestRoom = { roomId: string; workflowId: string };

export type SubscriptionServerOptions = {
  database: TestDatabase;
  pubsub: PubSub;
  schema?: GraphQLSchema;
  pollMs?: number;
  server?: Partial<ServerOptions>;
};

/** Starts the server with the real schema, hub and reads, but without agents: the test writes the log. */
export async function startSubscriptionServer(options: SubscriptionServerOptions): Promise<{
  server: TestServer;
  hub: Hub;
  outputHub: OutputHub;
  /** The number of pages that were read so far. */
  pages: () => number;
}> {
  const { database, pubsub, schema = buildSchema(), pollMs } = options;
  const reader = createLogReader(database.db);
  let pages = 0;
  const logs: LogReader = {
    heads: reader.heads,
    readAfter(...args) {
      pages++;
      return reader.readAfter(...args);
    },
  };
  const hub = createHub({
    logs,
    pubsub: pubsub,
    onError: () => undefined,
    ...(pollMs === undefined ? {} : { pollMs }),
  });
  const reads = createReads(database.db);
  const outputHub = createOutputHub({ hub, pubsub, outputs: createOutputReader(database.db) });
  const subscriptions = createSubscriptions({ hub, outputHub, logs, rooms: reads.rooms, workflows: reads.workflows });
  const server = await startTestServer({
    schema,
    createContext: ({ viewerId }) => contextOf(database.db, viewerId, { subscriptions }),
    ...options.server,
  });
  return { server, hub, outputHub, pages: () => pages };
}

/** Creates a room with a queued workflow. */
export async function newRoom({ db }: TestDatabase): Promise<TestRoom> {
  const roomId = await insertRoom(db, VIEWER);
  return { roomId, workflowId: await insertQueuedWorkflow(db, { viewerId: VIEWER, roomId }) };
}

export type LogWriter = {
  write(room: TestRoom, lines: readonly Partial<NewLogLine>[]): Promise<LogLine[]>;
  /** Ends the workflow with a deployment, as the engine does: the rows and the last line in one transaction. */
  finish(room: TestRoom): Promise<void>;
};

export function createLogWriter({ db }: TestDatabase, pubsub: PubSub): LogWriter {
  const publish = createPublishLines(pubsub.publish);
  const complete = (line: Partial<NewLogLine>): NewLogLine => ({
    agentType: 'story',
    level: 'info',
    message: 'a line',
    metadata: null,
    ...line,
  });
  return {
    async write(room, lines) {
      const written = await appendLines(db.$client, room, lines.map(complete));
      publish(written);
      return written;
    },
    async finish(room) {
      const { roomId, workflowId } = room;
      const at = AT.toISOString();
      const written = await inTransaction(db, async (tx) => {
        await tx`update steps set status = 'cancelled', lease_worker_id = null, finished_at = ${at} where workflow_id = ${workflowId}`;
        await tx`
          insert into deployments (workflow_id, room_id, deployment_url, completed_at)
          values (${workflowId}, ${roomId}, 'http://localhost/deployments/é/', ${at})`;
        const line = { agentType: 'orchestrator', metadata: { event: FINISHED_EVENT } } as const;
        const lines = await appendLines(tx, room, [complete(line)]);
        await tx`
          update workflows
          set status = 'cancelled', finished_at = ${at}, version = 2, log_end_seq = ${lines[0]?.seq ?? 0}
          where id = ${workflowId}`;
        return lines;
      });
      publish(written);
    },
  };
}
