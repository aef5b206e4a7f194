/** What a contestant's server receives. The rooms exist, each with a workflow and an empty log. */
export type Surroundings = { redisUrl: string; databaseUrl: string };

/** Serves `agentLogs(roomId: ID!)` over graphql-transport-ws. */
export type StartContestant = (surroundings: Surroundings) => Promise<{ url: string }>;

/** A line as it is published over Redis. `message` is the time of publication. */
export type Line = {
  id: string;
  seq: number;
  workflowId: string;
  timestamp: string;
  agentType: 'story';
  level: 'info';
  message: string;
  metadata: { progress: number; part: string };
};

/** The fields that a log viewer shows. */
export const SUBSCRIPTION =
  'subscription Watch($roomId: ID!) { agentLogs(roomId: $roomId) { id seq timestamp agentType level message metadata } }';
