import type { AgentName } from '../../src/orchestrator/domain/agents.ts';

/** What a contestant receives: empty services for its exclusive use, and the URLs of the agents. */
export type Surroundings = {
  /** A database with the product's tables, and an empty one. */
  databaseUrl: string;
  emptyDatabaseUrl: string;
  redisUrl: string;
  agentUrls: Record<AgentName, string>;
  /** Concurrent workflows. Slots and connections are sized to match. */
  atOnce: number;
};

/** Something that runs the chain of four agents. */
export type Contestant = {
  /** Runs one workflow to its end. Rejects unless it succeeds. */
  runWorkflow(viewerId: string): Promise<void>;
  close(): Promise<void>;
};

export type StartContestant = (surroundings: Surroundings) => Promise<Contestant>;
