/** What a contestant's server is given. Its rooms are there, with a workflow each and nothing in their logs. */
export type Surroundings = { redisUrl: string; databaseUrl: string };

/** Serves `agentLogs(roomId: ID!)` over graphql-transport-ws. */
export type StartContestant = (surroundings: Surroundings) => Promise<{ url: string }>;

/** A line as it travels over Redis. `message` holds when it was published. */
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

/** What a person who looks at a log is shown. */
export const SUBSCRIPTION =
  'subscription Watch($roomId: ID!) { agentLogs(roomId: $roomId) { id seq timestamp agentType level message metadata } }';
