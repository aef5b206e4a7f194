import { Redis } from 'ioredis';
import { connectionOptions } from './connection-options.ts';
import { disconnectRedis } from './open-redis.ts';
import { problemOf, type RedisProblem } from './redis-problem.ts';
import { sniffProtocol } from './sniff-protocol.ts';
import { tryRedis } from './try-redis.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 3_000;

export type RedisCheck = {
  /** Why Redis cannot be used, all reasons at once; empty if it can. */
  problems: RedisProblem[];
  /** What works, but not well. */
  warnings: string[];
  /** Null: unknown. */
  version: string | null;
};

/** Tries everything that the service needs, over one connection that is then closed. Never rejects. */
export async function checkRedis(url: string, prefix: string): Promise<RedisCheck> {
  const client = new Redis({
    ...connectionOptions(url),
    lazyConnect: true,
    // INFO may not be allowed.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: null,
    sentinelRetryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  const errors: Error[] = [];
  client.on('error', (error: Error) => errors.push(error));
  try {
    await client.connect().catch((error: Error) => errors.push(error));
    const { info, problems } = await tryRedis(client, prefix, { withSubscribe: true });
    // The connection's own errors say why commands failed.
    const [first] = errors;
    if (first !== undefined) return { problems: [await whyNotConnected(client, first)], warnings: [], version: null };
    const version = /^redis_version:(\S+)/m.exec(info ?? '')?.[1] ?? null;
    return { problems: [...problems, ...problemsIn(info)], warnings: info === null ? [] : warningsIn(info), version };
  } finally {
    await disconnectRedis(client);
  }
}

/** How a connection ends when only one side speaks TLS, or the server wants a certificate. */
const UNCLEAR = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO']);

async function whyNotConnected(client: Redis, error: Error & { code?: unknown }): Promise<RedisProblem> {
  const code = String(error.code);
  const isProtocolUnclear = UNCLEAR.has(code) || code.startsWith('ERR_SSL_');
  const isClosed = error.code === undefined && /closed/.test(error.message);
  const hasPort = !client.options.sentinels && client.options.path === undefined;
  return ((isProtocolUnclear || isClosed) && hasPort && (await sniffProtocol(client))) || problemOf(error);
}

/** What INFO knows before any command is refused. */
function problemsIn(info: string | null): RedisProblem[] {
  const answers = { loading: 'LOADING', replica: 'READONLY', cluster: 'CLUSTERDOWN' };
  const is = (line: RegExp) => info !== null && line.test(info);
  return [
    ...(is(/^loading:1/m) ? [answers.loading] : []),
    ...(is(/^role:slave/m) ? [answers.replica] : []),
    ...(is(/^cluster_enabled:1/m) ? [answers.cluster] : []),
  ].map((answer) => problemOf(new Error(answer)));
}

function warningsIn(info: string): string[] {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return [];
  return [
    `its maxmemory-policy is ${policy}, which may remove jobs before they are done: those steps begin seconds late. Set it ` +
      'to noeviction',
  ];
}
