import { buildSchema, type GraphQLSchema } from 'graphql';

/** What is sent about a deployment; the same fields as the service's, as far as the library knows them. */
export type DeploymentNotification = {
  roomId: string;
  deploymentUrl: string;
  codeCid: string | null;
  /** ISO 8601, UTC, with milliseconds. */
  timestamp: string;
};

/** The part of schema.graphql that WebSocketNotificationService serves. */
export function notificationSchema(): GraphQLSchema {
  return buildSchema(`
    """An instant in ISO 8601, always in UTC and always with milliseconds."""
    scalar DateTime

    """A deployment of a room was completed."""
    type DeploymentCompleted {
      """The room."""
      roomId: ID!
      """Where it can be seen."""
      deploymentUrl: String!
      """The CID of the code that was published; null when there is none."""
      codeCid: String
      """When it was announced."""
      timestamp: DateTime!
    }

    type Query {
      """Always true: GraphQL asks for a query."""
      ready: Boolean!
    }

    type Subscription {
      """Each deployment of the room that is announced from now on. Does not end by itself."""
      deploymentCompleted("The room to watch." roomId: ID!): DeploymentCompleted!
    }
  `);
}
