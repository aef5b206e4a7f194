import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { createAgentClient } from './agents/agent-client.ts';
import { probeAgent } from './agents/agent-health.ts';
import { createIdentify } from './auth/create-identify.ts';
import { createRoomTokens } from './auth/room-tokens.ts';
import { createViewerTokens } from './auth/viewer-tokens.ts';
import { openDatabase } from './boot/open-database.ts';
import { openDispatcher } from './boot/open-dispatcher.ts';
import { storeExternalCode } from './built-in-agents/external-code.ts';
import { startBuiltInAgents } from './built-in-agents/start-built-in-agents.ts';
import type { Config } from './config/parse-config.ts';
import { createAgentLogWriter } from './db/agent-log-writer.ts';
import { databaseIdentity } from './db/client.ts';
import { createContentStore } from './db/content-store.ts';
import { isUnavailable } from './db/errors.ts';
import { createLeaseStore } from './db/lease-store.ts';
import { createLogReader } from './db/log-reader.ts';
import { createLogRetention } from './db/log-retention.ts';
import { createReads } from './db/reads/create-reads.ts';
import { signingKey } from './db/signing-key.ts';
import { createWorkflowStore } from './db/workflow-store.ts';
import { createHub } from './logs/hub.ts';
import { createPublishLines } from './logs/log-line-codec.ts';
import { createSubscriptions } from './logs/subscriptions.ts';
import { AGENT_NAMES, type AgentName, byAgent } from './orchestrator/domain/agents.ts';
import { startRetention } from './orchestrator/retention.ts';
import { createRetryWhileUnavailable } from './orchestrator/retry-while-unavailable.ts';
import { createWorkflowEngine } from './orchestrator/workflow-engine.ts';
import { createInProcessPubSub } from './pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from './pubsub/redis-pubsub.ts';
import { createRateLimits } from './rate-limits/rate-limits.ts';
import { openPubSubConnections } from './redis/pubsub-connections.ts';
import { createContext } from './schema/context.ts';
import { countStarts } from './schema/count-starts.ts';
import { buildSchema } from './schema/index.ts';
import { startServer } from './server/start-server.ts';

export type App = {
  /** The public one, without a slash at its end. */
  url: string;
  /** What comes along instead of being configured, for a person: `PostgreSQL in …`. */
  embedded: string[];
  /**
   * Stops in order: intake, calls in flight (SHUTDOWN_GRACE_MS, then handed over), sockets, agents, Redis, Postgres.
   */
  close(): Promise<void>;
};

/** Pause after each line of a built-in agent's progress, so that people can watch. */
const PACE_MS = 250;
/** Longer, and the database counts as away. */
const READY_WITHIN_MS = 2_000;

/** The name of the key that signs room tokens. */
const ROOM_TOKENS = 'room-tokens';

/**
 * The whole service in one process: the only place that knows every adapter.
 * @param fatal called when the process must end: another one took over its database.
 * @throws {StartupError | EmbeddedPostgresError | ListenError} with one line for a person.
 */
export async function createApp(config: Config, log: Logger, fatal: (reason: string) => void): Promise<App> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      await closer().catch((error: unknown) => log.error({ err: error }, 'closing failed; going on'));
    }
  };
  try {
    return { ...(await compose(config, log, fatal, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(
  config: Config,
  log: Logger,
  fatal: (reason: string) => void,
  atClose: (closer: () => Promise<void>) => void,
): Promise<Omit<App, 'close'>> {
  // Of a connection that is away the reason says it all.
  const trouble = (what: string) => (error: unknown) =>
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, what);

  const database = await openDatabase(
    config,
    (line) => log.info(line),
    () => fatal('another process took over this database'),
  );
  atClose(() => database.close());
  const { db } = database;
  const reads = createReads(db);
  const logReader = createLogReader(db);
  const content = createContentStore(db);

  const redis = config.redisUrl === null ? null : openPubSubConnections(config.redisUrl, trouble('Redis is away'));
  const pubsub =
    redis === null ? createInProcessPubSub() : createRedisPubSub(redis, trouble('Redis refused a command'));
  atClose(() => pubsub.close());
  const hub = createHub({ logs: logReader, channels: pubsub, onError: trouble('watchers wait for Postgres') });
  atClose(async () => hub.close());

  const identity = await databaseIdentity(db);
  const limits = createRateLimits({
    ...config.rateLimits,
    redis: redis?.publisher ?? null,
    prefix: `hauntedai-${identity}`,
  });

  let publicUrl = '';
  const works = config.role !== 'api';
  const builtIn =
    !works || AGENT_NAMES.every((agent) => config.agents[agent].url !== null)
      ? null
      : await startBuiltInAgents({
          content,
          publicUrl: () => publicUrl,
          paceMs: PACE_MS,
          behaviour: byAgent((agent) => config.agents[agent].behaviour ?? {}),
          onError: (agent, error) => log.warn({ err: error, agent }, 'a built-in agent failed'),
        });
  if (builtIn !== null) atClose(() => builtIn.close());
  const endpoint = (agent: AgentName) => ({
    url: config.agents[agent].url ?? builtIn?.urls[agent] ?? '',
    timeoutMs: config.agents[agent].timeoutMs,
  });

  const callAgent = createAgentClient({ agents: byAgent(endpoint) });
  const engine = createWorkflowEngine({
    store: createWorkflowStore(db),
    leases: createLeaseStore(db),
    appendAgentLines: createAgentLogWriter(db),
    callAgent:
      config.agents.code.url !== null && config.agents.deploy.url === null
        ? storeExternalCode(callAgent, content, createRetryWhileUnavailable(isUnavailable))
        : callAgent,
    dispatcher: openDispatcher(config, identity, pubsub, log),
    publish: createPublishLines(pubsub.publish),
    policy: config.retry,
    maxRunningPerViewer: config.maxRunningWorkflowsPerViewer ?? 0,
    isSoleProcess: database.isSoleProcess,
    isUnavailable,
    failed: (what, error) => log.warn({ err: error }, `${what} failed; it is tried again`),
  });

  const watch = createSubscriptions({ hub, logs: logReader, rooms: reads.rooms, workflows: reads.workflows });
  const roomTokens = createRoomTokens(await signingKey(db, ROOM_TOKENS));
  const verifyViewer =
    config.auth && createViewerTokens({ ...config.auth, onKeysAway: trouble('AUTH_JWKS_URL cannot be read') });
  const schemaDeps = { reads, subscriptions: watch, issueRoomToken: roomTokens.issue };
  const server = await startServer({
    ...config.server,
    role: config.role === 'worker' ? 'worker' : 'api',
    schema: buildSchema(),
    identify: createIdentify(verifyViewer, roomTokens),
    limits,
    createContext: (caller, address) => {
      const workflows = countStarts(engine.service, limits, [{ viewerId: caller.viewerId }, { address }]);
      return createContext({ ...schemaDeps, workflows }, caller);
    },
    content,
    logs: watch,
    health: {
      live: () => ({ ok: true }),
      ready: () => Promise.race([db.execute(sql`select 1`).then(() => ({ ok: true })), notReady()]),
    },
    localViewer: config.auth === null,
    isUnavailable,
    log,
  });
  publicUrl = config.server.publicUrl ?? server.url;
  atClose(() => server.close());
  atClose(() => engine.stop(config.shutdownGraceMs));
  atClose(async () => server.drain());
  if (works) {
    await engine.work();
    void warnOfSickAgents(config, log);
    const { days, linesPerRoom } = config.logLimits;
    if (days !== null || linesPerRoom !== null) {
      const retention = startRetention({
        removeOldLines: createLogRetention(db, config.logLimits),
        failed: trouble('old log lines could not be removed; it is tried again'),
      });
      atClose(async () => retention.stop());
    }
  }

  return { url: server.url, embedded: whatIsEmbedded(config, database.embeddedIn) };
}

async function notReady(): Promise<{ ok: boolean }> {
  await sleep(READY_WITHIN_MS, undefined, { ref: false });
  return { ok: false };
}

/** Nothing waits for it: an agent may come later, and until then its calls are retried. */
async function warnOfSickAgents(config: Config, log: Logger): Promise<void> {
  for (const agent of AGENT_NAMES) {
    const { url } = config.agents[agent];
    const trouble = url === null ? null : await probeAgent(url);
    if (trouble !== null) log.warn(`${agent.toUpperCase()}_AGENT_URL: ${trouble}; its calls will fail until it does`);
  }
}

function whatIsEmbedded(config: Config, embeddedIn: string | null): string[] {
  const builtIn = config.role === 'api' ? [] : AGENT_NAMES.filter((agent) => config.agents[agent].url === null);
  return [
    ...(embeddedIn === null ? [] : [`PostgreSQL, data in ${embeddedIn} (DATABASE_URL for another)`]),
    ...(config.redisUrl === null ? ['queue and pub/sub in this process (REDIS_URL for several)'] : []),
    ...(builtIn.length === 0 ? [] : [`agents: ${builtIn.join(', ')} (STORY_AGENT_URL … for others)`]),
  ];
}
