import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import type { Logger } from 'pino';
import { createHealthMonitor } from '../agents/health-monitor.ts';
import type { Config } from '../config/parse-config.ts';
import type { Sql } from '../db/client.ts';
import { readClockOffset } from '../db/reads/clock-offset.ts';
import { readServiceLoad } from '../db/reads/service-load.ts';
import { createSharedReading } from '../db/shared-reading.ts';
import type { Hub } from '../logs/hub.ts';
import type { OutputHub } from '../logs/output/output-hub.ts';
import { createDeliveryMetrics, type PoolUse, type Watchers } from '../metrics/delivery-metrics.ts';
import { createEngineMetrics, type EngineMetrics } from '../metrics/engine-metrics.ts';
import { createLoadMetrics } from '../metrics/load-metrics.ts';
import { type MetricsServer, startMetricsServer } from '../metrics/metrics-server.ts';
import { type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { DeliveryObserver, ServerObserver } from '../orchestrator/ports/observer.ts';
import type { WorkflowEngineDeps } from '../orchestrator/workflow-engine.ts';
import { listen, localUrl } from '../server/http/listen.ts';
import type { RunningServer } from '../server/server-options.ts';

/** How old the reading of the service's load may be. */
const LOAD_MAX_AGE_MS = 15_000;

export type Metrics = {
  /** The engine's dependencies, watched. */
  observed(deps: WorkflowEngineDeps): WorkflowEngineDeps;
  delivery: DeliveryObserver;
  server: ServerObserver;
  /** Serves GET /metrics, with what is read at each scrape. */
  serve(sources: MetricsSources): Promise<MetricsServer>;
};

export type MetricsSources = {
  client: Sql;
  /** Where each agent is called; null: this process does not know. */
  agentUrls: Record<AgentName, string | null>;
  runningCalls: () => Record<AgentName, number>;
  watched: { hub: Hub; outputHub: OutputHub; server: RunningServer };
  pool: () => PoolUse;
};

/** Null without METRICS_PORT: nothing is counted then. */
export function openMetrics(config: Config, log: Logger): Metrics | null {
  const { metricsPort: port, server } = config;
  if (port === null) return null;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const engine = createEngineMetrics(registry);
  const { delivery, server: ofServer, collectFrom } = createDeliveryMetrics(registry);
  return {
    observed: (deps) => observed(deps, engine),
    delivery,
    server: ofServer,
    async serve({ client, agentUrls, runningCalls, watched, pool }) {
      collectFrom({ watchers: () => countWatchers(watched), pool, readClockOffsetMs: () => readClockOffset(client) });
      const monitors = byAgent((agent) => {
        const url = agentUrls[agent];
        return url === null ? async () => null : createHealthMonitor(url);
      });
      createLoadMetrics(registry, {
        readLoad: createSharedReading(client, 'service-load', LOAD_MAX_AGE_MS, () => readServiceLoad(client)),
        slots:
          config.role === 'api'
            ? null
            : { running: runningCalls, limits: byAgent((agent) => config.agents[agent].limits.concurrency) },
        healthOf: (agent) => monitors[agent](),
        onError: (error) => log.warn({ reason: String(error) }, 'metrics: the load could not be read from PostgreSQL'),
      });
      return startMetricsServer(
        registry,
        async (http) =>
          localUrl(server.host, await listen(http, server.host, port, { port: 'METRICS_PORT', host: 'HOST' })),
        (error) => log.error({ err: error }, 'the metrics could not be collected'),
      );
    },
  };
}

function observed(deps: WorkflowEngineDeps, { observer, lines, timeAppend }: EngineMetrics): WorkflowEngineDeps {
  return {
    ...deps,
    observer,
    publish(committed) {
      lines(committed);
      deps.publish(committed);
    },
    appendAgentLines: (...args) => timeAppend(() => deps.appendAgentLines(...args)),
  };
}

/** Each watched step is one of the watchers of its room. */
function countWatchers({ hub, outputHub, server }: MetricsSources['watched']): Watchers {
  const { feeds, watchers } = outputHub.stats();
  const eventStream = server.eventStreams();
  return { eventStream, webSocket: Math.max(0, hub.stats().watchers - feeds + watchers - eventStream) };
}
