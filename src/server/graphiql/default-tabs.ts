/**
 * The tabs of a first visit to GraphiQL: the first starts a workflow, the second watches it. They use no variables,
 * since GraphiQL does not show the variables of its default tabs.
 */
export const DEFAULT_TABS = [
  {
    query: `# Press Play (or Ctrl-Enter): four agents turn
# the idea into a web page. Then copy the room id
# into the second tab to watch them work.
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
    query: `# Paste the room id below and press Play. You get
# the lines written so far, then each new line
# as it arrives.
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
