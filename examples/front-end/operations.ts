import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

/** Types each operation by the API's schema: a field that is not there, or is used as what it is not, is an error. */
const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string; JSON: unknown } }>();

export const START = graphql(`
  mutation Start($input: StartWorkflowInput!) {
    startWorkflow(input: $input) {
      room {
        id
      }
    }
  }
`);

export const ROOM_LOG = graphql(`
  subscription RoomLog($roomId: ID!, $after: ID) {
    agentLogs(roomId: $roomId, after: $after) {
      id
      seq
      timestamp
      agentType
      level
      message
    }
  }
`);

export type LogLine = ResultOf<typeof ROOM_LOG>['agentLogs'];

export const DEPLOYMENT = graphql(`
  subscription Deployment($roomId: ID!) {
    deploymentCompleted(roomId: $roomId, since: "1970-01-01T00:00:00.000Z") {
      deploymentUrl
    }
  }
`);
