import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { describe, expect } from 'vitest';
import { after, hang, json } from '../support/agents/scripted-answers.ts';
import {
  collect,
  collectUntil,
  connectWs,
  dataOf,
  query,
  subscribeSse,
  subscribeWs,
} from '../support/clients/graphql-clients.ts';
import { test as base } from '../support/engine/fixtures.ts';
import { fieldNames, namesIn, selectEverything } from '../support/graphql/select-everything.ts';
import { agentUrls, type ServiceProcess, startService } from '../support/processes/service-process.ts';

const contract = buildSchema(readFileSync(new URL('../unit/schema/contract.graphql', import.meta.url), 'utf8'));

const test = base.extend<{ api: ServiceProcess }>({
  api: async ({ database, agents }, use) => {
    const api = await startService({ DATABASE_URL: database.url, ...agentUrls(agents.urls) });
    await use(api);
    await api.stop();
  },
});

/** `roomId: $roomId`-like arguments for each root field, and the variables they take. */
const ROOT_FIELDS = [
  ['mutation', 'createRoom', '(input: { title: "Tower" })', []],
  ['mutation', 'startWorkflow', '(input: { userInput: "a lamp" })', []],
  ['query', 'viewer', '', []],
  ['query', 'room', '(id: $roomId)', ['roomId']],
  ['query', 'workflow', '(id: $workflowId)', ['workflowId']],
  ['subscription', 'agentLogs', '(roomId: $roomId, workflowId: $workflowId)', ['roomId', 'workflowId']],
  ['subscription', 'deploymentCompleted', '(roomId: $roomId, workflowId: $workflowId)', ['roomId', 'workflowId']],
  ['subscription', 'workflowUpdated', '(workflowId: $workflowId)', ['workflowId']],
  ['mutation', 'retryWorkflow', '(id: $workflowId, from: DEPLOY)', ['workflowId']],
] as const;

type Ids = { roomId: string; workflowId: string };
type Answer = { data?: unknown; errors?: unknown };

function document([kind, name, args, used]: (typeof ROOT_FIELDS)[number]): string {
  const root = contract.getType(kind.charAt(0).toUpperCase() + kind.slice(1)) as GraphQLObjectType;
  const type = root.getFields()[name]?.type;
  if (type === undefined) throw new Error(`the contract has no ${kind} ${name}`);
  const variables = used.map((variable) => `$${variable}: ID!`).join(', ');
  return `${kind}${variables === '' ? '' : ` (${variables})`} { ${name}${args} ${selectEverything(type)} }`;
}

/** A finished workflow in a new room. */
async function finishedWorkflow(url: string): Promise<Ids> {
  const started = dataOf(
    await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(
      url,
      'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } room { id } } }',
    ),
  ).startWorkflow;
  const ids = { workflowId: started.workflow.id, roomId: started.room.id };
  await collect(
    subscribeWs(url, 'subscription ($workflowId: ID!) { workflowUpdated(workflowId: $workflowId) { id } }', ids),
  );
  return ids;
}

describe('the contract', () => {
  for (const transport of ['HTTP and SSE', 'WebSocket'] as const) {
    test(`every name of the contract is answered over ${transport}`, async ({ api, agents }) => {
      agents.script.asset = (_call, nth) => (nth === 1 ? json({}, { status: 500 }) : undefined);
      const ids = await finishedWorkflow(api.graphqlUrl);
      const answers: Answer[] = [];
      for (const field of ROOT_FIELDS) {
        const variables = Object.fromEntries(field[3].map((name) => [name, ids[name]]));
        const text = document(field);
        if (transport === 'WebSocket') answers.push(...(await collect(subscribeWs(api.graphqlUrl, text, variables))));
        else if (field[0] === 'subscription')
          answers.push(...(await collect(subscribeSse(api.graphqlUrl, text, variables))));
        else answers.push(await query(api.graphqlUrl, text, variables));
      }
      expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      const answered = namesIn(answers.map(({ data }) => data));
      expect(fieldNames(contract).filter((name) => !answered.has(name))).toEqual([]);
    });
  }
});

test('cancelWorkflow returns the cancelled workflow, and its room is idle and titled with the input', async ({
  api,
  agents,
}) => {
  agents.script.story = hang;
  const started = await query<{ startWorkflow: { workflow: { id: string } } }>(
    api.graphqlUrl,
    'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }',
  );
  const { id } = dataOf(started).startWorkflow.workflow;
  const cancel = 'mutation ($id: ID!) { cancelWorkflow(id: $id) { status room { status title } steps { status } } }';
  expect(dataOf(await query(api.graphqlUrl, cancel, { id }))['cancelWorkflow']).toEqual({
    status: 'CANCELLED',
    room: { status: 'IDLE', title: 'a lamp' },
    steps: Array.from({ length: 4 }, () => ({ status: 'CANCELLED' })),
  });
});

const LINES =
  'subscription ($roomId: ID!, $after: ID) { agentLogs(roomId: $roomId, after: $after) { id seq metadata } }';
type Line = { agentLogs: { id: string; seq: number; metadata: { event?: string } | null } };
const isLast = ({ data }: { data?: Line | null }) => data?.agentLogs.metadata?.event === 'workflow.finished';

describe('clients that reconnect', () => {
  for (const [name, subscribe] of [
    ['graphql-ws', subscribeWs],
    ['graphql-sse', subscribeSse],
  ] as const) {
    test(`a ${name} client that joins late, disconnects and reconnects gets each line once, in order`, async ({
      api,
      agents,
    }) => {
      const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
      agents.script.asset = () => after(gates[0].promise, json({ imageCid: 'image' }));
      agents.script.deploy = () =>
        after(gates[1].promise, json({ success: true, deploymentUrl: 'http://127.0.0.1/x/' }));
      const { startWorkflow } = dataOf(
        await query<{ startWorkflow: { room: { id: string } } }>(
          api.graphqlUrl,
          'mutation { startWorkflow(input: { userInput: "a lamp" }) { room { id } } }',
        ),
      );
      const roomId = startWorkflow.room.id;
      await agents.waitForCall('asset');
      const early = await collect(subscribe<Line>(api.graphqlUrl, LINES, { roomId }), 4);
      gates[0].resolve();
      await agents.waitForCall('deploy');
      const rest = collectUntil(
        subscribe<Line>(api.graphqlUrl, LINES, { roomId, after: early.at(-1)?.data?.agentLogs.id }),
        isLast,
      );
      gates[1].resolve();
      const seqs = [...early, ...(await rest)].map(({ data }) => data?.agentLogs.seq);
      expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
    });
  }

  test('a deployment subscription gets each deployment, and with `since` those it missed', async ({ api }) => {
    const first = await finishedWorkflow(api.graphqlUrl);
    type Deployed = { deploymentCompleted: { workflowId: string; timestamp: string; codeCid: string } };
    const DEPLOYED = `subscription ($roomId: ID!, $since: DateTime) {
      deploymentCompleted(roomId: $roomId, since: $since) { workflowId timestamp codeCid }
    }`;
    const since = new Date(0).toISOString();
    const [seen] = await collect(subscribeWs<Deployed>(api.graphqlUrl, DEPLOYED, { roomId: first.roomId, since }), 1);
    expect(seen?.data?.deploymentCompleted).toMatchObject({ workflowId: first.workflowId, codeCid: 'code-cid' });

    const client = connectWs(api.graphqlUrl);
    const variables = { roomId: first.roomId, since: seen?.data?.deploymentCompleted.timestamp };
    const live = client.iterate<Deployed>({ query: DEPLOYED, variables }) as AsyncIterable<{ data: Deployed }>;
    const next = collect(live, 1);
    const again = dataOf(
      await query<{ retryWorkflow: { workflow: { id: string } } }>(
        api.graphqlUrl,
        'mutation ($id: ID!) { retryWorkflow(id: $id, from: STORY) { workflow { id } } }',
        { id: first.workflowId },
      ),
    ).retryWorkflow;
    expect((await next).map(({ data }) => data.deploymentCompleted.workflowId)).toEqual([again.workflow.id]);
    await client.dispose();
  });
});
