/**
 * What a first visit to GraphiQL finds typed in: press play in the one, then watch in the other. Without variables: a
 * tab that is open from the start does not show those it was given.
 */
export const DEFAULT_TABS = [
  {
    query: `# Press play (or Ctrl-Enter): four agents turn
# the idea into a page. Then copy the room's id
# and watch them in the second tab.
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
    query: `# Put the room's id here and press play: first
# what was written so far, then each line as it
# is written.
subscription Watch {
  agentLogs(roomId: "") {
    seq
    timestamp
    agentType
    level
    message
  }
}
`,
  },
];
