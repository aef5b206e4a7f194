/**
 * Starts a workflow in a new room and prints the room's log until the workflow ends. Whatever happens to the
 * connection or the server meanwhile, each line is printed once: the client comes back and asks for the lines after
 * the last one it saw.
 *
 *   npx node examples/watch-a-room.ts "a lighthouse that remembers drowned sailors"
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';

type Started = { startWorkflow: { workflow: { id: string; room: { id: string } } } };
type Logged = { agentLogs: { id: string; seq: number; agentType: string; message: string } };

const client = createClient({
  url: process.env['API_URL'] ?? 'ws://localhost:4000/graphql',
  retryAttempts: 10, // waits 1 s, 2 s, 4 s …
  shouldRetry: () => true, // also while nobody listens
});

const START = 'mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id room { id } } } }';
// The key makes a start that is sent twice, because its answer was lost, one start.
const input = { userInput: process.argv[2] ?? 'a clock of rain', idempotencyKey: randomUUID() };
const { value: started } = await client.iterate<Started>({ query: START, variables: { input } }).next();
if (!started?.data) throw new AggregateError(started?.errors ?? [], 'the workflow was not started');
const { id: workflowId, room } = started.data.startWorkflow.workflow;

const WATCH = `subscription ($roomId: ID!, $workflowId: ID!, $after: ID) {
  agentLogs(roomId: $roomId, workflowId: $workflowId, after: $after) { id seq agentType message } }`;
const variables = { roomId: room.id, workflowId, after: null as string | null };
const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
client.subscribe<Logged>(
  { query: WATCH, variables },
  {
    next({ data, errors }) {
      if (!data) return reject(new AggregateError(errors ?? [], 'the room cannot be watched'));
      const { id, seq, agentType, message } = data.agentLogs;
      console.log(`${seq} ${agentType}: ${message}`);
      variables.after = id; // sent when the client comes back
    },
    error: reject,
    complete: resolve,
  },
);
await ended;
await client.dispose();
