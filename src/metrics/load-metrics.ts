import { Gauge, type Registry } from '@prometheus-io/client';
import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { AgentHealth, ServiceLoad } from '../orchestrator/ports/agents.ts';
import { shareRead } from '../orchestrator/share-read.ts';

export type LoadSources = {
  /** All processes share what it reads. */
  readLoad: () => Promise<ServiceLoad>;
  /** Calls in progress here, and how many there may be; null in a process that calls no agents. */
  slots: { running: () => Record<AgentName, number>; limits: Record<AgentName, number> } | null;
  /** The latest check; null: unknown. */
  healthOf: (agent: AgentName) => Promise<AgentHealth | null>;
  /** Called when the load could not be read: its gauges are absent then. */
  onError: (error: unknown) => void;
};

/** The gauges of one scrape share what is read. */
const ONE_SCRAPE_MS = 500;

/** Gauges that are read when somebody asks. Those of the whole service have the same values in every process. */
export function createLoadMetrics(registry: Registry, { readLoad, slots, healthOf, onError }: LoadSources): void {
  const load = shareRead(
    () =>
      readLoad().catch((error: unknown) => {
        onError(error);
        return null;
      }),
    ONE_SCRAPE_MS,
  );

  /** @param fill sets the values; those of the last scrape are gone, so that none stands for an unknown one. */
  function gauge(
    name: string,
    help: string,
    labelNames: string[],
    fill: (set: (labels: Record<string, string>, value: number) => void) => void | Promise<void>,
  ): void {
    const metric: Gauge<string> = new Gauge({
      name: `hauntedai_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        metric.reset();
        await fill((labels, value) => metric.set(labels, value));
      },
    });
  }

  gauge('workflows', 'Unfinished workflows of the service.', ['status'], async (set) => {
    for (const [status, number] of Object.entries((await load())?.workflows ?? {})) set({ status }, number);
  });
  gauge('queue_depth', 'Steps of the service whose call could begin now.', ['agent'], async (set) => {
    for (const { agent, waiting } of (await load())?.agents ?? []) set({ agent }, waiting);
  });
  gauge('queue_oldest_seconds', 'How long the oldest of these has waited; 0 if none waits.', ['agent'], async (set) => {
    for (const { agent, oldestWaitingMs } of (await load())?.agents ?? [])
      set({ agent }, (oldestWaitingMs ?? 0) / 1_000);
  });
  gauge('load_readable', '1 if these could be read from PostgreSQL, else 0.', [], async (set) => {
    set({}, Number((await load()) !== null));
  });
  gauge('agent_up', '1 if the agent’s latest health check succeeded, 0 if it failed.', ['agent'], async (set) => {
    for (const agent of AGENT_NAMES) {
      const isHealthy = (await healthOf(agent))?.isHealthy;
      if (typeof isHealthy === 'boolean') set({ agent }, Number(isHealthy));
    }
  });
  if (slots === null) return;
  gauge('agent_slots', 'Slots for calls of an agent in this process.', ['agent', 'state'], (set) => {
    const running = slots.running();
    for (const agent of AGENT_NAMES) {
      set({ agent, state: 'used' }, running[agent]);
      set({ agent, state: 'free' }, Math.max(0, slots.limits[agent] - running[agent]));
    }
  });
}
