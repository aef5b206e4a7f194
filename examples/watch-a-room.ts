/**
 * Starts a workflow in a new room and prints the room's log until the workflow ends. Each line is printed once, even if
 * the connection or the server is lost meanwhile: the client reconnects and asks for the lines after the last one it has.
 *
 *   npx node examples/watch-a-room.ts "a lighthouse that remembers drowned sailors"
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';

type Started = { startWorkflow: { workflow: { id: string; room: { id: string } } } };
type Logged = { agentLogs: { id: string; seq: number; agentType: string; message: string } };

const url = process.env['API_URL'] ?? 'ws://localhost:4000/graphql';
const client = createClient({
  url,
  retryAttempts: 10, // after 1 s, 2 s, 4 s …
  shouldRetry() {
    console.error(`No connection to ${url}, trying again. Is the service running (npm start)?`);
    return true;
  },
});

const START = 'mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id room { id } } } }';
// If the answer is lost, the request is sent again: the key keeps it from starting a second workflow.
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
      if (!data) return reject(new AggregateError(errors ?? [], 'the log cannot be read'));
      const { id, seq, agentType, message } = data.agentLogs;
      console.log(`${seq} ${agentType}: ${message}`);
      variables.after = id; // sent when the client reconnects
    },
    error: reject,
    complete: resolve,
  },
);
await ended;
await client.dispose();
