import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

/** Types each operation by the API's schema, so that an unknown or misused field is a type error. */
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
      workflowId
    }
  }
`);

export type LogLine = ResultOf<typeof ROOM_LOG>['agentLogs'];

export const WORKFLOW = graphql(`
  subscription Workflow($workflowId: ID!) {
    workflowUpdated(workflowId: $workflowId) {
      status
      userInput
      room {
        error
      }
      deployment {
        deploymentUrl
      }
    }
  }
`);

export type Workflow = ResultOf<typeof WORKFLOW>['workflowUpdated'];
