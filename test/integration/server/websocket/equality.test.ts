import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENT_TYPES } from '../../../../src/orchestrator/domain/agents.ts';
import { LOG_LEVELS } from '../../../../src/orchestrator/domain/log-line.ts';
import { createInProcessPubSub } from '../../../../src/pubsub/in-process-pubsub.ts';
import { buildSchema } from '../../../../src/schema/index.ts';
import { openRawSubscriber, type RawSubscriber, type Variables } from '../../../support/clients/raw-websocket.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { subscription } from '../../../support/graphql/subscription-arbitrary.ts';
import { openOutputSource } from '../../../support/server/output-source.ts';
import {
  createLogWriter,
  type LogWriter,
  newRoom,
  startSubscriptionServer,
  type TestRoom,
} from '../../../support/server/subscription-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

type WatchServer = Awaited<ReturnType<typeof startSubscriptionServer>>;
/** An operation, and its variables once the room is known. */
type Operation = {
  query: string;
  variables: (room: TestRoom & { firstId: string }) => Variables;
  /** How many events are there at once, and how many there are after this many of `PARTS`. */
  expected?: (parts: number) => number;
};

/** The output that is written: two parts before the subscriptions begin. */
const PARTS = [
  ['A lamp 😀', 'output'],
  ['dark', 'notes'],
  [' went "out"', 'output'],
  ['é\u2028', 'notes'],
  ['.', 'output'],
] as const;
const PARTS_BEFORE = 2;

const pubsub = createInProcessPubSub();
const schema = buildSchema();
let database: TestDatabase;
let writer: LogWriter;
let servers: { shared: WatchServer; unshared: WatchServer };
let watchers: { shared: RawSubscriber; unshared: RawSubscriber };

beforeAll(async () => {
  database = await createTestDatabase();
  writer = createLogWriter(database, pubsub);
  const [shared, unshared] = await Promise.all([
    startSubscriptionServer({ database, pubsub, schema }),
    startSubscriptionServer({ database, pubsub, schema: withoutSharing(buildSchema()) }),
  ]);
  servers = { shared, unshared };
  const open = ({ server }: WatchServer) => openRawSubscriber(server.endpoint);
  watchers = { shared: await open(shared), unshared: await open(unshared) };
});
afterAll(async () => {
  await Promise.all([servers.shared.server.close(), servers.unshared.server.close()]);
  await database.drop();
});

function withoutSharing(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) field.extensions = {};
  return schema;
}

const optional = <T>(values: readonly T[]) => fc.constantFrom(undefined, null, ...values);
const names = (values: readonly string[]) =>
  fc.option(fc.array(fc.constantFrom(...values.map((value) => value.toUpperCase())), { maxLength: 3 }), {
    nil: undefined,
  });

const logs: fc.Arbitrary<Operation> = fc
  .record({
    after: optional(['first'] as const),
    types: names(AGENT_TYPES),
    levels: names(LOG_LEVELS),
    isInline: fc.boolean(),
  })
  .chain(({ after, types, levels, isInline }) => {
    // A list as a variable, as a literal, or omitted.
    const inline = types === undefined ? '' : `, agentTypes: [${types.join(', ')}]`;
    const args = `roomId: $room, workflowId: $workflow, after: $after, levels: $levels${isInline ? inline : ', agentTypes: $types'}`;
    const variables = ['$room: ID!', '$workflow: ID', '$after: ID', '$levels: [LogLevel!]'];
    if (!isInline) variables.push('$types: [AgentType!]');
    return subscription(schema, 'agentLogs', { args, variables }).map(({ query, given }) => ({
      query,
      variables: ({ roomId, workflowId, firstId }) => ({
        room: roomId,
        workflow: workflowId,
        given,
        types,
        levels,
        after: after === 'first' ? firstId : after,
      }),
    }));
  });

const deployments: fc.Arbitrary<Operation> = optional(['2026-11-22T14:34:00.000Z', 'no instant']).chain((since) =>
  subscription(schema, 'deploymentCompleted', {
    args: 'roomId: $room, workflowId: $workflow, since: $since',
    variables: ['$room: ID!', '$workflow: ID = null', '$since: DateTime'],
  }).map(({ query, given }) => ({
    query,
    variables: ({ roomId, workflowId }) => ({ room: roomId, workflow: workflowId, given, since }),
  })),
);

const workflows: fc.Arbitrary<Operation> = subscription(schema, 'workflowUpdated', {
  args: 'workflowId: $workflow',
  variables: ['$workflow: ID!'],
}).map(({ query, given }) => ({
  query,
  variables: ({ workflowId }) => ({ workflow: workflowId, given }),
  expected: () => 1,
}));

const outputs: fc.Arbitrary<Operation> = fc
  .record({ channel: optional(['output', 'notes', 'none'] as const), offset: optional([0, 2, 1_000] as const) })
  .chain(({ channel, offset }) =>
    subscription(schema, 'stepOutput', {
      args: 'workflowId: $workflow, step: "story", channel: $channel, offset: $offset',
      variables: ['$workflow: ID!', '$channel: String', '$offset: Int'],
    }).map(({ query, given }) => ({
      query,
      variables: ({ workflowId }) => ({ workflow: workflowId, given, channel, offset }),
      expected: (parts) => PARTS.slice(0, parts).filter(([, name]) => (channel ?? name) === name).length,
    })),
  );

/** Several of each kind, some of which differ only in a variable. */
const operations = fc
  .tuple(
    fc.array(logs, { minLength: 1, maxLength: 3 }),
    fc.array(deployments, { maxLength: 1 }),
    fc.array(workflows, { maxLength: 2 }),
    fc.array(outputs, { minLength: 1, maxLength: 2 }),
  )
  .map((kinds) => kinds.flat())
  .map((all) => [
    ...all,
    ...all.map(({ query, variables, expected }) => ({
      query,
      ...(expected && { expected }),
      variables: (room: Parameters<typeof variables>[0]) => {
        const { given, ...others } = variables(room);
        return { ...others, given: !given };
      },
    })),
  ]);

let count = 0;

async function play(operations: readonly Operation[]): Promise<void> {
  const room = await newRoom(database);
  const [first] = await writer.write(room, [{ message: 'first' }]);
  const output = await openOutputSource(database, pubsub, room);
  const write = async (from: number, to?: number) => {
    for (const [text, channel] of PARTS.slice(from, to)) await output.write(text, channel);
  };
  await write(0, PARTS_BEFORE);
  const ids = operations.map(({ query, variables }) => {
    const id = `"${++count}"é`;
    for (const { subscribe } of Object.values(watchers)) {
      subscribe(id, query, variables({ ...room, firstId: first?.id ?? '' }));
    }
    return id;
  });
  const all = (isDone: (watcher: RawSubscriber, id: string, operation: Operation | undefined) => boolean) => () =>
    ids.every((id, index) => Object.values(watchers).every((watcher) => isDone(watcher, id, operations[index])));
  // Changes of a workflow, and parts of output, that arrive together may be merged. So each is awaited before the next.
  for (let parts = PARTS_BEFORE; parts <= PARTS.length; parts += 1) {
    if (parts > PARTS_BEFORE) await write(parts - 1, parts);
    await waitFor(
      `the events after ${parts} parts of output`,
      all(({ isOver, texts }, id, operation) => isOver(id) || texts(id).length >= (operation?.expected?.(parts) ?? 0)),
    );
  }
  const metadata = { 'a "key"': ['é', null, 1.5, '\u2028'], event: 'x' };
  await writer.write(
    room,
    AGENT_TYPES.map((agentType, n) => ({ agentType, level: LOG_LEVELS[n % LOG_LEVELS.length] ?? 'info', metadata })),
  );
  await writer.write(room, [{ message: `a long one: ${'x'.repeat(70_000)}` }]);
  await writer.finish(room);
  await waitFor(
    'all subscriptions to end',
    all(({ isOver }, id) => isOver(id)),
  );
  for (const id of ids) expect(watchers.shared.texts(id)).toEqual(watchers.unshared.texts(id));
}

describe('shared subscriptions', () => {
  test('a shared event is byte for byte what an unshared one would be, for every selection and argument', async () => {
    await fc.assert(fc.asyncProperty(operations, play), { numRuns: 40 });
  }, 60_000);

  test('an omitted variable and an explicit null do not share, in either order', async () => {
    const query = `subscription ($room: ID!, $workflow: ID, $x: Boolean = true) {
      agentLogs(roomId: $room, workflowId: $workflow) { id message @include(if: $x) } }`;
    const leftOut: Operation = {
      query,
      variables: ({ roomId, workflowId }) => ({ room: roomId, workflow: workflowId }),
    };
    const setToNull: Operation = { query, variables: (room) => ({ ...leftOut.variables(room), x: null }) };
    await play([leftOut, setToNull]);
    await play([setToNull, leftOut]);
  });
});
