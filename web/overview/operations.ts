import type { ResultOf, VariablesOf } from 'gql.tada';
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

const PAGE = graphql(`
  fragment RoomPage on RoomConnection {
    pageInfo {
      hasNextPage
    }
    edges {
      cursor
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
`);

/** The newest rooms, and what is going on now. */
export const OVERVIEW = graphql(
  `
    query Overview($first: Int!, $status: RoomStatus) {
      viewer {
        id
        tokenBalance
        activity {
          running
          queued
          oldestQueuedAt
        }
        rooms(first: $first, status: $status) {
          ...RoomPage
        }
      }
      agents {
        name
        url
        healthy
        unhealthySince
        problem
        checkedAt
        latencyMs
        running
        limit
        waiting
        oldestWaitingSeconds
        recentFailures
      }
    }
  `,
  [PAGE],
);

/** Rooms that are older than the one of the cursor. */
export const OLDER_ROOMS = graphql(
  `
    query OlderRooms($first: Int!, $after: String!, $status: RoomStatus) {
      viewer {
        id
        rooms(first: $first, after: $after, status: $status) {
          ...RoomPage
        }
      }
    }
  `,
  [PAGE],
);

type Overview = ResultOf<typeof OVERVIEW>;
export type AgentState = Overview['agents'][number];
export type RoomConnection = Overview['viewer']['rooms'];
/** A room as the list shows it, with its position in the list. */
export type RoomSummary = RoomConnection['edges'][number]['node'] & { cursor: string };
export type RoomStatus = NonNullable<VariablesOf<typeof OVERVIEW>['status']>;
/** What is going on now. */
export type Now = Overview['viewer']['activity'] & { balance: number; agents: readonly AgentState[] };
