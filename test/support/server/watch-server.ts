import type { GraphQLSchema } from 'graphql';
import { appendLines } from '../../../src/db/append-lines.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { createHub, type Hub } from '../../../src/logs/hub.ts';
import { createPublishLines } from '../../../src/logs/log-line-codec.ts';
import { createSubscriptions } from '../../../src/logs/subscriptions.ts';
import type { LogLine, NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../../../src/orchestrator/domain/log-messages.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';
import type { PubSub } from '../../../src/pubsub/pubsub.ts';
import { createContext } from '../../../src/schema/context.ts';
import { buildSchema } from '../../../src/schema/index.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { AT, insertQueuedWorkflow, insertRoom } from '../databases/rows.ts';
import type { TestDatabase } from '../databases/test-database.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const VIEWER = 'local';
export type TestRoom = { roomId: string; workflowId: string };

export type WatchServerOptions = {
  database: TestDatabase;
  pubsub: PubSub;
  schema?: GraphQLSchema;
  pollMs?: number;
  server?: Partial<ServerOptions>;
};

/** The real server, schema, hub and reads; no agents, since the test writes the log. */
export async function startWatchServer(options: WatchServerOptions): Promise<{
  server: TestServer;
  hub: Hub;
  /** `readAfter` calls so far. */
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
    channels: pubsub,
    onError: () => undefined,
    ...(pollMs === undefined ? {} : { pollMs }),
  });
  const reads = createReads(database.db);
  const watch = createSubscriptions({ hub, logs, rooms: reads.rooms, workflows: reads.workflows });
  const server = await startTestServer({
    schema,
    createContext: (caller) =>
      createContext({ reads, workflows: {} as never, issueRoomToken: {} as never, subscriptions: watch }, caller),
    ...options.server,
  });
  return { server, hub, pages: () => pages };
}

/** A room whose workflow goes on until it is finished here. */
export async function newRoom({ db }: TestDatabase): Promise<TestRoom> {
  const roomId = await insertRoom(db, VIEWER);
  return { roomId, workflowId: await insertQueuedWorkflow(db, { viewerId: VIEWER, roomId }) };
}

export type Writer = {
  write(place: TestRoom, lines: readonly Partial<NewLogLine>[]): Promise<LogLine[]>;
  /** Ends the workflow with a deployment, as a chain does: rows and closing lines together. */
  finish(place: TestRoom): Promise<void>;
};

export function createWriter({ db }: TestDatabase, pubsub: PubSub): Writer {
  const publish = createPublishLines(pubsub.publish);
  const whole = (line: Partial<NewLogLine>): NewLogLine => ({
    ...{ agentType: 'story', level: 'info', message: 'a line', metadata: null },
    ...line,
  });
  return {
    async write(place, lines) {
      const written = await appendLines(db.$client, place, lines.map(whole));
      publish(written);
      return written;
    },
    async finish(place) {
      const { roomId, workflowId } = place;
      const at = AT.toISOString();
      const written = await inTransaction(db, async (tx) => {
        await tx`update steps set status = 'cancelled', finished_at = ${at} where workflow_id = ${workflowId}`;
        await tx`
          insert into deployments (workflow_id, room_id, deployment_url, completed_at)
          values (${workflowId}, ${roomId}, 'http://localhost/deployments/é/', ${at})`;
        const line = { agentType: 'orchestrator', metadata: { event: FINISHED_EVENT } } as const;
        const lines = await appendLines(tx, place, [whole(line)]);
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
