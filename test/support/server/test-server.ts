import { roomNotFound } from '../../../src/orchestrator/request-error.ts';
import type { RunningServer, ServerOptions } from '../../../src/server/server-options.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { createTestSchema, DatabaseUnavailable, type TestSchemaHooks } from './test-schema.ts';

const throwRoomNotFound = async () => {
  throw roomNotFound();
};

export type LogEntry = { level: string; fields: Record<string, unknown>; message: string };

export type TestServer = RunningServer & {
  /** The GraphQL endpoint. */
  endpoint: string;
  /** The entries of the server log so far. */
  logged: LogEntry[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts the server on a free port with a small schema, for the viewer `local`. `await using` closes it. */
export async function startTestServer(
  options: Partial<ServerOptions> = {},
  hooks: TestSchemaHooks = {},
): Promise<TestServer> {
  const logged: LogEntry[] = [];
  const logAt = (level: string) => (fields: object, message: string) => {
    logged.push({ level, fields: { ...fields }, message });
  };
  const server = await startServer({
    role: 'api',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    schema: createTestSchema(hooks),
    identify: async () => ({ viewerId: 'local' }),
    rateLimits: { operation: async () => {}, start: async () => {} },
    socketsPerViewer: null,
    trustedProxies: 0,
    createContext: ({ viewerId }) => ({ viewerId }),
    content: { get: async () => null },
    logs: { agentLogs: throwRoomNotFound, agentLogsSoFar: throwRoomNotFound, lastLineId: throwRoomNotFound },
    health: { live: () => ({ ok: true }), ready: async () => ({ ok: true }) },
    corsOrigins: null,
    localViewer: true,
    graphiql: true,
    ui: true,
    introspection: true,
    isUnavailable: (error) => error instanceof DatabaseUnavailable,
    log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    ...options,
  });
  return { ...server, endpoint: `${server.url}/graphql`, logged, [Symbol.asyncDispose]: server.close };
}
