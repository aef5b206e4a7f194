import { buildSchema, type GraphQLSchema } from 'graphql';

/** A notification: those fields of the service's type that the library knows. */
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
    """An instant in ISO 8601, always in UTC and with milliseconds."""
    scalar DateTime

    """A completed deployment of a room."""
    type DeploymentCompleted {
      """The room."""
      roomId: ID!
      """The URL of the deployed page."""
      deploymentUrl: String!
      """The CID of the published code; null if there is none."""
      codeCid: String
      """When the deployment was announced."""
      timestamp: DateTime!
    }

    type Query {
      """Always true. GraphQL requires a query."""
      ready: Boolean!
    }

    type Subscription {
      """Each deployment of the room that is announced from now on. Never ends by itself."""
      deploymentCompleted("The room to watch." roomId: ID!): DeploymentCompleted!
    }
  `);
}
