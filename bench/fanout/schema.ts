/** The part of the product's schema that watchers use, written in SDL. */
export const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar JSON
  enum AgentType { STORY ASSET CODE DEPLOY ORCHESTRATOR }
  enum LogLevel { INFO WARN ERROR SUCCESS }
  type AgentLog {
    id: ID!
    seq: Int!
    timestamp: DateTime!
    agentType: AgentType!
    level: LogLevel!
    message: String!
    metadata: JSON
    workflowId: ID!
  }
  type Query { hello: String }
  type Subscription { agentLogs(roomId: ID!): AgentLog! }
`;

/** Values on the wire are in lower case. */
export const enumResolvers = {
  AgentType: { STORY: 'story', ASSET: 'asset', CODE: 'code', DEPLOY: 'deploy', ORCHESTRATOR: 'orchestrator' },
  LogLevel: { INFO: 'info', WARN: 'warn', ERROR: 'error', SUCCESS: 'success' },
};

export const channelOf = (roomId: string): string => `room:${roomId}:logs`;
