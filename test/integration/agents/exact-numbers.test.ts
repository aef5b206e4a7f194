import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { stream, text } from '../../support/agents/scripted-answers.ts';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { post } from '../../support/clients/raw-http.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { startRedis } from '../../support/redis/test-redis.ts';

/** As an agent in Python, Java or Go may write them. A JavaScript number holds none of the first six. */
const NUMBERS =
  '[12345678901234567890,0.1000000000000000055511151231257827,1e400,-0,-0.0,9007199254740993,0.1,2.5,1e+21,100]';
const RESULT = `{"story":"A lamp.","cid":"story-cid","metadata":{"seed":12345678901234567890,"numbers":${NUMBERS}}}`;
const METADATA = `{"numbers":${NUMBERS}}`;

/** The service in a process of its own, whose lines reach clients through Redis. */
const test = base.extend<{ service: ServiceProcess }>({
  service: async ({ database, agents }, use) => {
    const redis = await startRedis();
    const service = await startService({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...agentUrls(agents.urls),
    });
    await use(service);
    await service.stop();
    await redis.stop();
  },
});

type Ids = { workflowId: string; roomId: string };

async function start(url: string): Promise<Ids> {
  const document = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } room { id } } }';
  const { startWorkflow } = dataOf(
    await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(url, document),
  );
  return { workflowId: startWorkflow.workflow.id, roomId: startWorkflow.room.id };
}

/** The bytes of a streamed response until they contain this text. */
async function readUntil(response: Response, end: string): Promise<string> {
  let found = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    found += part;
    if (found.includes(end)) break;
  }
  return found;
}

const LOGS = 'subscription ($roomId: ID!) { agentLogs(roomId: $roomId) { message metadata } }';

const TRANSPORTS = ['the event stream of the log', 'GraphQL over SSE', 'GraphQL over WebSocket'] as const;

/** Subscribes to a room's log; the promise within is for all text received up to the workflow's end. */
async function watch(
  transport: (typeof TRANSPORTS)[number],
  url: string,
  roomId: string,
): Promise<{ received: Promise<string> }> {
  const end = 'workflow.finished';
  if (transport === 'the event stream of the log') {
    return { received: readUntil(await fetch(new URL(`/rooms/${roomId}/logs`, url)), end) };
  }
  if (transport === 'GraphQL over SSE') {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ query: LOGS, variables: { roomId } }),
    });
    return { received: readUntil(response, end) };
  }
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const { promise: received, resolve } = Promise.withResolvers<string>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let found = '';
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  socket.on('message', (message) => {
    found += String(message);
    if (String(message).includes('connection_ack')) {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: LOGS, variables: { roomId } } }));
    } else begin();
    if (found.includes(end)) {
      socket.close();
      resolve(found);
    }
  });
  await begun;
  return { received };
}

test('numbers that JavaScript cannot hold keep their digits: live over every transport, in the saved log, in results and after a retry', async ({
  service: { graphqlUrl },
  agents,
}) => {
  const gate = Promise.withResolvers<void>();
  const log = `{"log":{"message":"m","metadata":${METADATA}}}\n`;
  agents.script.story = () => stream([gate.promise, log, `{"result":${RESULT}}\n`]);
  agents.script.code = () => text('{"error":"no","retryable":false}', { status: 500 });

  const { workflowId, roomId } = await start(graphqlUrl);
  const watches = await Promise.all(TRANSPORTS.map((transport) => watch(transport, graphqlUrl, roomId)));
  gate.resolve();
  for (const { received } of watches) expect(await received).toContain(`"metadata":${METADATA}`);
  const download = await fetch(new URL(`/rooms/${roomId}/logs.ndjson`, graphqlUrl));
  expect(await download.text()).toContain(`"metadata":${METADATA}`);

  const ask = async (document: string) =>
    String((await post(graphqlUrl, JSON.stringify({ query: document, variables: { id: workflowId } }))).body);
  const saved = await ask(
    'query ($id: ID!) { workflow(id: $id) { steps { result } room { logs { edges { node { metadata } } } } } }',
  );
  expect(saved).toContain(`"result":${RESULT}`);
  expect(saved).toContain(`"metadata":${METADATA}`);
  const retried = await ask('mutation ($id: ID!) { retryWorkflow(id: $id) { workflow { steps { result } } } }');
  expect(retried).toContain(`"result":${RESULT}`);
});
