import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';

/** How much may be asked of one agent. */
export type AgentLimits = {
  /** Calls at once in one process. */
  concurrency: number;
  /** Calls at once over all processes; null: no limit. */
  globalConcurrency: number | null;
  /** Calls begun in a minute over all processes; null: no limit. */
  ratePerMinute: number | null;
};

export function byAgent<T>(make: (agent: AgentName) => T): Record<AgentName, T> {
  return Object.fromEntries(AGENT_NAMES.map((agent) => [agent, make(agent)])) as Record<AgentName, T>;
}
