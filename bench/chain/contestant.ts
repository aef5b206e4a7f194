import type { AgentName } from '../../src/orchestrator/domain/agents.ts';

/** What a contestant is given: services of its own, empty, and where the agents are. */
export type Surroundings = {
  /** A database with the product's tables, and one without. */
  databaseUrl: string;
  emptyDatabaseUrl: string;
  redisUrl: string;
  agentUrls: Record<AgentName, string>;
  /** Workflows at once: places and connections are made to match. */
  atOnce: number;
};

/** Something that runs the chain of four agents. */
export type Contestant = {
  /** Runs one workflow, from start to finished; rejects when it did not succeed. */
  runWorkflow(viewerId: string): Promise<void>;
  close(): Promise<void>;
};

export type StartContestant = (surroundings: Surroundings) => Promise<Contestant>;
