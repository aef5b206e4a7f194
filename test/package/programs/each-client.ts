/*
 * Uses examples/resuming-client.ts: watches a workflow with each of the three clients that it supports, and prints the
 * messages that each received.
 */
import { gql } from '@apollo/client';
import { createClient } from 'graphql-ws';
import { apolloOver, resuming, urqlOver } from '../../../examples/resuming-client.ts';

const [url = '', roomId = '', workflowId = ''] = process.argv.slice(2);
const WATCH = `subscription ($roomId: ID!, $workflowId: ID, $after: ID) {
  agentLogs(roomId: $roomId, workflowId: $workflowId, after: $after) { id message } }`;
type Logged = { agentLogs: { id: string; message: string } };

const client = createClient({ url: url.replace(/^http/, 'ws') });
const variables = { roomId, workflowId };
const watchers: Record<string, (received: (message: string) => void, done: () => void) => void> = {
  graphqlWs: (received, done) =>
    void resuming(client).subscribe<Logged>(
      { query: WATCH, variables },
      { next: ({ data }) => void (data && received(data.agentLogs.message)), error: console.error, complete: done },
    ),
  apollo: (received, done) =>
    void apolloOver(client)
      .subscribe<Logged>({ query: gql(WATCH), variables, fetchPolicy: 'no-cache' })
      .subscribe({ next: ({ data }) => void (data && received(data.agentLogs.message)), complete: done }),
  urql: (received, done) =>
    void urqlOver(client, url)
      .subscription<Logged>(WATCH, variables)
      .subscribe(({ data, error }) => {
        if (error) console.error(error);
        if (data) received(data.agentLogs.message);
        if (data?.agentLogs.message.startsWith('Workflow finished')) done();
      }),
};

for (const [name, watch] of Object.entries(watchers)) {
  const messages: string[] = [];
  await new Promise<void>((done) => watch((message) => messages.push(message), done));
  console.log(JSON.stringify([name, messages]));
}
await client.dispose();
