import type { ResultOf } from 'gql.tada';
import { graphql } from '../api/graphql.ts';

export const ROOM = graphql(`
  query Room($id: ID!) {
    room(id: $id) {
      id
      title
      createdAt
      latestWorkflow {
        id
      }
      workflows(first: 100) {
        pageInfo {
          hasNextPage
        }
        edges {
          node {
            id
            status
            createdAt
            userInput
          }
        }
      }
    }
  }
`);
export type RoomState = NonNullable<ResultOf<typeof ROOM>['room']>;

/** Without the results, which may be large and are read once per step. */
export const WORKFLOW = graphql(`
  subscription Workflow($workflowId: ID!) {
    workflowUpdated(workflowId: $workflowId) {
      id
      version
      status
      userInput
      language
      variation
      createdAt
      startedAt
      finishedAt
      retryOf {
        id
      }
      usage {
        model
        inputTokens
        outputTokens
        images
        costUsd
        wastedCostUsd
      }
      reward {
        amount
      }
      deployment {
        deploymentUrl
        codeCid
        completedAt
      }
      steps {
        agent
        status
        startedAt
        finishedAt
        nextAttemptAt
        error
        errorCode
        timeoutMs
        attempts {
          number
          startedAt
          finishedAt
          durationMs
          error
          errorCode
          httpStatus
          usage {
            inputTokens
            outputTokens
            images
            costUsd
          }
        }
      }
    }
  }
`);
export type WorkflowState = ResultOf<typeof WORKFLOW>['workflowUpdated'];
export type StepState = WorkflowState['steps'][number];

export const RESULTS = graphql(`
  query Results($workflowId: ID!) {
    workflow(id: $workflowId) {
      steps {
        agent
        result
      }
    }
  }
`);

/** What the steps were sent, which may be large and is read only when it is looked at. */
export const INPUTS = graphql(`
  query Inputs($workflowId: ID!) {
    workflow(id: $workflowId) {
      steps {
        agent
        input
      }
    }
  }
`);

/** What a step's agent streams while it works. */
export const OUTPUT = graphql(`
  subscription Output($workflowId: ID!, $step: String!, $after: ID) {
    stepOutput(workflowId: $workflowId, step: $step, after: $after) {
      id
      channel
      offset
      text
    }
  }
`);
export type OutputPart = ResultOf<typeof OUTPUT>['stepOutput'];

export const LOG = graphql(`
  subscription Log($roomId: ID!, $workflowId: ID, $after: ID) {
    agentLogs(roomId: $roomId, workflowId: $workflowId, after: $after) {
      id
      seq
      timestamp
      agentType
      level
      message
      metadata
      workflowId
    }
  }
`);
export type LogLine = ResultOf<typeof LOG>['agentLogs'];

/** The last line of the room's log, which tells how many lines are still to come. */
export const HEAD = graphql(`
  query Head($id: ID!) {
    room(id: $id) {
      logs(last: 1) {
        edges {
          node {
            seq
          }
        }
      }
    }
  }
`);

/** The runs that lines belong to, newest line first. */
export const LINE_RUNS = graphql(`
  query LineRuns($id: ID!, $before: String) {
    room(id: $id) {
      logs(last: 1000, before: $before) {
        edges {
          node {
            seq
            workflowId
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);

export const BALANCE = graphql(`
  query Balance {
    viewer {
      id
      tokenBalance
    }
  }
`);

export const CANCEL = graphql(`
  mutation Cancel($id: ID!) {
    cancelWorkflow(id: $id) {
      id
    }
  }
`);

export const RETRY = graphql(`
  mutation Retry($id: ID!, $from: AgentName, $idempotencyKey: String) {
    retryWorkflow(id: $id, from: $from, idempotencyKey: $idempotencyKey) {
      workflow {
        id
      }
    }
  }
`);

export const SHARE = graphql(`
  mutation Share($roomId: ID!, $ttl: Int) {
    createRoomToken(roomId: $roomId, ttl: $ttl) {
      token
      expiresAt
    }
  }
`);
