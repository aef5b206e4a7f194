import type { AgentName } from '../domain/agents.ts';

/** What the database knows of an agent: the work of all viewers and processes. */
export type AgentLoad = {
  agent: AgentName;
  /** Calls in progress. */
  running: number;
  /** Steps whose call could begin now and has not: they wait for a slot. Those in backoff do not count. */
  waiting: number;
  /** How long the longest of these has waited, in ms; null if none waits. */
  oldestWaitingMs: number | null;
  /** Attempts that began in the last ten minutes and failed. */
  recentFailures: number;
};

export type AgentLoads = {
  agents: AgentLoad[];
  /** Processes that call agents and were seen recently. */
  workers: number;
};

/** The unfinished work of the whole service. */
export type ServiceLoad = {
  agents: readonly Pick<AgentLoad, 'agent' | 'waiting' | 'oldestWaitingMs'>[];
  workflows: { running: number; queued: number };
};

/** The outcome of the latest health check of an agent. */
export type AgentHealth = {
  /** Null: the agent responds, but has no health check. */
  isHealthy: boolean | null;
  /** Names the agent's host; null unless the agent is unhealthy. */
  problem: string | null;
  /** When the first of the failed checks in a row was made; null unless the agent is unhealthy. */
  unhealthySince: Date | null;
  checkedAt: Date;
  /** Duration of the check. */
  latencyMs: number;
};

export type AgentReport = AgentLoad & {
  /** Without user and password; null if this process does not know it, or must not show it. */
  url: string | null;
  /** Null: this process does not know the agent's URL, or has not finished the first check. */
  health: AgentHealth | null;
  /** How many calls all workers together may make at once. */
  limit: number;
};

/** Reports on every agent, in the chain's order. Made for polling: callers share what is read. */
export type ReportAgents = () => Promise<AgentReport[]>;
