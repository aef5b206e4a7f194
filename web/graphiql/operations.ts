/** The tabs of a first visit, in the order in which a newcomer presses them. */
export type Operation = { name: string; query: string; variables: readonly Id[] };

/** The variables that are filled in. */
export type Id = 'roomId' | 'workflowId';

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'Start',
    variables: [],
    query: `# Press Play (or Ctrl-Enter): four agents turn the
# idea into a web page. The next tab shows them.
mutation Start {
  startWorkflow(input: { userInput: "a lighthouse that remembers drowned sailors" }) {
    room {
      id
      status
    }
    workflow {
      id
      status
    }
  }
}
`,
  },
  {
    name: 'Watch',
    variables: ['roomId'],
    query: `# The room's log, live, newest line last.
# Press Play again to stop.
subscription Watch($roomId: ID!) {
  agentLogs(roomId: $roomId) {
    seq
    timestamp
    agentType
    level
    message
  }
}
`,
  },
  {
    name: 'Result',
    variables: ['workflowId'],
    query: `# How far the workflow is, and what came of it.
query Result($workflowId: ID!) {
  workflow(id: $workflowId) {
    status
    userInput
    deployment {
      deploymentUrl
    }
    reward {
      amount
    }
    steps {
      agent
      status
      error
      result
    }
  }
}
`,
  },
  {
    name: 'Cancel',
    variables: ['workflowId'],
    query: `# Stops the workflow while it runs. Results up to
# then are kept, and Retry goes on from there.
mutation Cancel($workflowId: ID!) {
  cancelWorkflow(id: $workflowId) {
    id
    status
    completedAgents
  }
}
`,
  },
  {
    name: 'Retry',
    variables: ['workflowId'],
    query: `# Runs a failed or cancelled workflow again, from
# the first agent without a result.
mutation Retry($workflowId: ID!) {
  retryWorkflow(id: $workflowId) {
    room {
      id
      status
    }
    workflow {
      id
      status
    }
  }
}
`,
  },
  {
    name: 'Rooms',
    variables: [],
    query: `# Your rooms, newest first.
query Rooms {
  viewer {
    tokenBalance
    rooms(first: 20) {
      edges {
        node {
          id
          title
          status
          latestWorkflow {
            id
            status
          }
        }
      }
    }
  }
}
`,
  },
];
