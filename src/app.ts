import type { Logger } from 'pino';
import { createIdentify } from './auth/create-identify.ts';
import { createRoomTokens } from './auth/room-tokens.ts';
import { createViewerTokens } from './auth/viewer-tokens.ts';
import { builtInParts } from './boot/built-in-parts.ts';
import { checkPublishing } from './boot/check-publishing.ts';
import { createDisposal, type Disposal } from './boot/disposal.ts';
import { openAgentReports } from './boot/open-agent-reports.ts';
import { openAgents, warnOfUnhealthyAgents } from './boot/open-agents.ts';
import { type OpenDatabase, openDatabase } from './boot/open-database.ts';
import { openDispatcher } from './boot/open-dispatcher.ts';
import { openIpfs } from './boot/open-ipfs.ts';
import type { Metrics } from './boot/open-metrics.ts';
import { type OpenPubSub, type OpenRedis, openPubSub } from './boot/open-pubsub.ts';
import { createReadiness } from './boot/readiness.ts';
import { readinessChecks } from './boot/readiness-checks.ts';
import type { Config } from './config/parse-config.ts';
import { createAgentLogWriter } from './db/agent-log-writer.ts';
import { databaseIdentity } from './db/client.ts';
import { createContentStore } from './db/content-store.ts';
import { createLeaseStore } from './db/lease-store.ts';
import { createLogReader } from './db/log-reader.ts';
import { createLogRetention } from './db/log-retention.ts';
import { createOutbox } from './db/outbox.ts';
import { createOutputReader } from './db/output-reader.ts';
import { createOutputWriter } from './db/output-writer.ts';
import { createPaidAnswers } from './db/paid-answers.ts';
import { isUnavailable } from './db/postgres-errors.ts';
import { createReads } from './db/reads/create-reads.ts';
import { signingKey } from './db/signing-key.ts';
import { createUsageStore } from './db/usage-store.ts';
import { createWorkflowStore } from './db/workflow-store.ts';
import { createHub } from './logs/hub.ts';
import { createPublishOutput } from './logs/output/output-codec.ts';
import { createOutputHub } from './logs/output/output-hub.ts';
import { createPublishLines } from './logs/publish-lines.ts';
import { createSubscriptions } from './logs/subscriptions.ts';
import { byAgent } from './orchestrator/domain/agents.ts';
import type { ReportAgents } from './orchestrator/ports/agents.ts';
import type { CallAgent } from './orchestrator/ports/call-agent.ts';
import { startRetention } from './orchestrator/retention.ts';
import { createRetryWhileUnavailable } from './orchestrator/retry-while-unavailable.ts';
import { createWorkflowEngine, type WorkflowEngine, type WorkflowEngineDeps } from './orchestrator/workflow-engine.ts';
import { createRateLimits } from './rate-limits/rate-limits.ts';
import { keyPrefix } from './redis/names.ts';
import { createContext } from './schema/context.ts';
import { countStarts } from './schema/count-starts.ts';
import { buildSchema } from './schema/index.ts';
import { localUrl, type ReservedPort, releasePort, reservePort } from './server/http/listen.ts';
import type { RunningServer, ServerOptions } from './server/server-options.ts';
import { startServer } from './server/start-server.ts';

export type App = {
  /** The public URL, without a trailing slash. */
  url: string;
  /** Where Prometheus finds the metrics; null: METRICS_PORT is not set. */
  metricsUrl: string | null;
  /** The built-in parts in use, for the operator: `the embedded PostgreSQL in …`. */
  builtIn: string[];
  /**
   * Stops in this order: accepting work, calls in flight (after SHUTDOWN_GRACE_MS they are handed over), the server,
   * agents, Redis, PostgreSQL.
   */
  close(): Promise<void>;
};

const ROOM_TOKEN_KEY = 'room-tokens';

/**
 * The whole service in one process; the only file that knows every adapter.
 * @param onFatal called when the process must end, because another one took over its database
 * @throws {StartupError | EmbeddedPostgresError | ListenError} with one line for the operator
 */
export async function createApp(config: Config, log: Logger, onFatal: (reason: string) => void): Promise<App> {
  const disposal = createDisposal((error) => log.error({ err: error }, 'a part could not be closed; closing the rest'));
  try {
    return { ...(await compose(config, log, onFatal, disposal)), close: disposal.disposeAsync };
  } catch (error) {
    await disposal.disposeAsync();
    throw error;
  }
}

/** Everything is disposed of in reverse order. */
async function compose(
  config: Config,
  log: Logger,
  onFatal: (reason: string) => void,
  disposal: Disposal,
): Promise<Omit<App, 'close'>> {
  const database = disposal.adopt(
    await openDatabase(config, log, () => onFatal('another process took over the database of this one')),
    ({ close }) => close(),
  );
  const databaseId = await databaseIdentity(database.db);
  const prefix = keyPrefix(databaseId);
  const openedPubSub = disposal.adopt(await openPubSub(config.redisUrl, prefix, log), ({ close }) => close());
  const { pubsub, redis } = openedPubSub;
  const metrics = await metricsOf(config, log);
  const reads = createReads(database.forRequests);
  const logs = createLogReader(database.forRequests);
  const hub = disposal.adopt(
    createHub({
      logs,
      pubsub,
      onError: warning(log, 'live updates are delayed: PostgreSQL is unavailable'),
      ...(metrics && { onReceived: metrics.delivery.received }),
    }),
    ({ close }) => close(),
  );

  // Bound before the agents start, since the built-in DeployAgent makes URLs with it.
  const port = disposal.adopt(await reservePort(config.server.host, config.server.port), releasePort);
  const content = createContentStore(database.db);
  const { ipfsApiUrl } = config.publishing;
  const ipfs =
    ipfsApiUrl === null ? null : openIpfs(ipfsApiUrl, { outbox: createOutbox(database.db, 'ipfs'), content, log });
  const agents = disposal.adopt(
    await openAgents(config, {
      content,
      publish: ipfs?.publish,
      paidAnswers: createPaidAnswers(database.db),
      publicUrl: config.server.publicUrl ?? localUrl(config.server.host, port.number),
      retryWhileUnavailable: createRetryWhileUnavailable(isUnavailable),
      log,
    }),
    ({ close }) => close(),
  );
  const engine = createEngine(config, { database, prefix, openedPubSub, callAgent: agents.callAgent, log, metrics });
  const rateLimits = createRateLimits({ ...config.rateLimits, redis: redis?.commands ?? null, prefix });
  const outputHub = createOutputHub({ hub, pubsub, outputs: createOutputReader(database.forRequests) });
  const subscriptions = createSubscriptions({
    ...{ hub, outputHub, logs, rooms: reads.rooms, workflows: reads.workflows },
    ...(metrics && { onCatchUp: metrics.delivery.fellBehind }),
  });
  const server = disposal.adopt(
    await openServer(config, port, log, {
      ...{ database, redis, engine, reads, rateLimits, subscriptions, metrics },
      reportAgents: openAgentReports(config, agents.urls, database.forRequests.$client),
    }),
    ({ close }) => close(),
  );
  const metricsServer = await metrics?.serve({
    client: database.forRequests.$client,
    agentUrls: agents.urls,
    runningCalls: engine.runningCalls,
    watched: { hub, outputHub, server },
    pool: database.poolUse,
  });
  if (metricsServer !== undefined) disposal.adopt(metricsServer, ({ close }) => close());
  // The server still serves while calls in flight end, and reports that it is not ready.
  disposal.defer(() => engine.stop(config.shutdownGraceMs));
  disposal.defer(() => server.drain());

  if (config.role !== 'api') {
    await engine.work();
    void warnOfUnhealthyAgents(config, log);
    void checkPublishing(config.publishing, log);
    if (ipfs !== null) disposal.adopt(await ipfs.start(), (deliveries) => deliveries.stop());
    if (config.logLimits.days !== null || config.logLimits.linesPerRoom !== null) {
      disposal.adopt(
        startRetention({
          removeOldLines: createLogRetention(database.forRequests, config.logLimits),
          onError: warning(log, 'old log lines could not be removed; retrying'),
        }),
        (retention) => retention.stop(),
      );
    }
  }
  return {
    url: server.url,
    metricsUrl: metricsServer?.url ?? null,
    builtIn: builtInParts(config, database.embeddedIn),
  };
}

/** Loaded only if wanted. */
async function metricsOf(config: Config, log: Logger): Promise<Metrics | null> {
  return config.metricsPort === null ? null : (await import('./boot/open-metrics.ts')).openMetrics(config, log);
}

function createEngine(
  config: Config,
  deps: {
    database: OpenDatabase;
    prefix: string;
    openedPubSub: OpenPubSub;
    callAgent: CallAgent;
    log: Logger;
    metrics: Metrics | null;
  },
): WorkflowEngine {
  const { database, openedPubSub, log, metrics } = deps;
  const engineDeps: WorkflowEngineDeps = {
    store: createWorkflowStore(database.db),
    commands: createWorkflowStore(database.forRequests),
    leases: createLeaseStore(database.db, database.forHeartbeats),
    appendAgentLines: createAgentLogWriter(database.db),
    callAgent: deps.callAgent,
    ...createUsageStore(database.db),
    maxCostUsd: config.maxCostUsdPerWorkflow,
    dispatcher: openDispatcher(config, deps.prefix, openedPubSub, log),
    publish: createPublishLines(openedPubSub.pubsub.publish),
    saveOutput: createOutputWriter(database.db),
    publishOutput: createPublishOutput(openedPubSub.pubsub.publish),
    policy: config.retry,
    maxRunningPerViewer: config.maxRunningWorkflowsPerViewer ?? 0,
    isSoleProcess: database.isSoleProcess,
    isUnavailable,
    onError: (what, error) => log.warn({ err: error }, `${what} failed; retrying`),
  };
  return createWorkflowEngine(metrics?.observed(engineDeps) ?? engineDeps);
}

type ServerDeps = {
  database: OpenDatabase;
  redis: OpenRedis | null;
  engine: WorkflowEngine;
  reads: ReturnType<typeof createReads>;
  rateLimits: ServerOptions['rateLimits'];
  subscriptions: ReturnType<typeof createSubscriptions>;
  metrics: Metrics | null;
  reportAgents: ReportAgents;
};

async function openServer(
  config: Config,
  port: ReservedPort,
  log: Logger,
  { database, redis, engine, reads, rateLimits, subscriptions, metrics, reportAgents }: ServerDeps,
): Promise<RunningServer> {
  const roomTokens = createRoomTokens(await signingKey(database.db, ROOM_TOKEN_KEY));
  const verifyViewer =
    config.auth &&
    createViewerTokens({
      ...config.auth,
      onKeysUnavailable: warning(log, 'AUTH_JWKS_URL: the keys cannot be fetched'),
    });
  const agentTimeoutsMs = byAgent((agent) => config.agents[agent].timeoutMs);
  const schemaDeps = { reads, subscriptions, agentTimeoutsMs, issueRoomToken: roomTokens.issue, reportAgents };
  return startServer({
    ...config.server,
    port,
    role: config.role === 'worker' ? 'worker' : 'api',
    schema: buildSchema(),
    identify: createIdentify(verifyViewer, roomTokens),
    rateLimits,
    createContext: (caller, address) => {
      const workflows = countStarts(engine.service, rateLimits, [{ viewerId: caller.viewerId }, { address }]);
      return createContext({ ...schemaDeps, workflows }, caller);
    },
    content: createContentStore(database.forRequests),
    logs: subscriptions,
    health: {
      live: () => ({ ok: true }),
      ready: createReadiness(readinessChecks(config, database, redis, engine), log),
    },
    localViewer: config.auth === null,
    isUnavailable,
    ...(metrics && { observer: metrics.server }),
    log,
  });
}

/** For errors of connections, whose message suffices; the stack is noise. */
function warning(log: Logger, message: string): (error: unknown) => void {
  return (error) => log.warn({ reason: error instanceof Error ? error.message : String(error) }, message);
}
