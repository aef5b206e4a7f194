import type { ResultOf } from 'gql.tada';
import { graphql } from '../api/graphql.ts';

export const START = graphql(`
  mutation Start($input: StartWorkflowInput!) {
    startWorkflow(input: $input) {
      room {
        id
      }
    }
  }
`);

export const ROOMS = graphql(`
  query Rooms($first: Int!, $after: String, $status: RoomStatus) {
    viewer {
      id
      tokenBalance
      rooms(first: $first, after: $after, status: $status) {
        pageInfo {
          hasNextPage
        }
        edges {
          node {
            id
            title
            status
            error
            createdAt
            latestWorkflow {
              id
              status
              createdAt
              startedAt
              finishedAt
              steps {
                agent
                status
              }
            }
          }
        }
      }
    }
  }
`);
type Viewer = ResultOf<typeof ROOMS>['viewer'];
export type RoomSummary = Viewer['rooms']['edges'][number]['node'];
