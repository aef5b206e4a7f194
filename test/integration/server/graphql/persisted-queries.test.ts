import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { connectWs } from '../../../support/clients/graphql-clients.ts';
import { post } from '../../../support/clients/raw-http.ts';
import { openAcknowledgedWebSocket } from '../../../support/clients/raw-websocket.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** What a client sent: by which method, and whether the document itself was in it. */
let sent: string[] = [];
beforeEach(() => {
  sent = [];
});
const recordingFetch: typeof fetch = async (input, init) => {
  const text = `${String(input)} ${String(init?.body ?? '')}`;
  sent.push(`${init?.method ?? 'GET'} ${/hello|double/.test(text) ? 'document' : 'hash'}`);
  return fetch(input, init);
};

const QUERY = '{ hello }';
const MUTATION = 'mutation { double(of: 21) }';
type Run = (document: string) => Promise<unknown>;

function apollo(link: ApolloLink): Run {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  onTestFinished(() => client.stop());
  return async (document) => {
    const parsed = gql(document);
    const result = document.startsWith('mutation')
      ? await client.mutate({ mutation: parsed })
      : await client.query({ query: parsed, fetchPolicy: 'no-cache' });
    return result.data;
  };
}

function apolloWithHashes(useGETForHashedQueries: boolean): Run {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hashes = new PersistedQueryLink({ sha256, useGETForHashedQueries });
  return apollo(ApolloLink.from([hashes, new HttpLink({ uri: server.endpoint, fetch: recordingFetch })]));
}

function urqlWithHashes(preferGetForPersistedQueries: boolean): Run {
  const client = new Client({
    url: server.endpoint,
    fetch: recordingFetch,
    exchanges: [persistedExchange({ preferGetForPersistedQueries, enableForMutation: true }), fetchExchange],
    preferGetMethod: false,
  });
  return async (document) => {
    const { data, error } = document.startsWith('mutation')
      ? await client.mutation(document, {})
      : await client.query(document, {});
    if (error) throw error;
    return data;
  };
}

describe.each([
  ['Apollo Client', apolloWithHashes],
  ['urql', urqlWithHashes],
])('persisted queries of %s', (name, create) => {
  test(`${name} that posts hashes sends the document after one refusal, and no hash any more`, async () => {
    const run = create(false);
    expect(await run(QUERY)).toMatchObject({ hello: 'hello' });
    expect(await run(MUTATION)).toMatchObject({ double: 42 });
    expect(sent).toEqual(['POST hash', 'POST document', 'POST document']);
  });

  test(`${name} that sends hashes by GET sends the document after one refusal`, async () => {
    const run = create(true);
    expect(await run(QUERY)).toMatchObject({ hello: 'hello' });
    expect(sent[0]).toBe('GET hash');
    expect(sent.slice(1)).toHaveLength(1);
    expect(sent[1]).toContain('document');
  });

  test(`${name} that begins with a mutation by its hash executes it once`, async () => {
    const run = create(false);
    expect(await run(MUTATION)).toMatchObject({ double: 42 });
    expect(sent).toEqual(['POST hash', 'POST document']);
  });
});

test('a subscription of urql that is sent as a hash over WebSocket is sent again as a document', async () => {
  const ws = connectWs(server.endpoint);
  onTestFinished(() => void ws.dispose());
  const client = new Client({
    url: server.endpoint,
    preferGetMethod: false,
    exchanges: [
      persistedExchange({ enableForSubscriptions: true }),
      subscriptionExchange({
        forwardSubscription: (request) => ({
          // As urql's documentation has it: the document is missing if only a hash is sent.
          subscribe: (sink) => ({
            unsubscribe: ws.subscribe({ ...request, query: request.query || '' }, sink as never),
          }),
        }),
      }),
    ],
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  client.subscription('subscription { countTo(last: 1) }', {}).subscribe(({ data, error }) => {
    if (error) reject(error);
    else resolve(data);
  });
  expect(await promise).toEqual({ countTo: 1 });
});

test('an operation without a document on a WebSocket is refused alone, if it has a hash', async () => {
  const socket = await openAcknowledgedWebSocket(server.endpoint);
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'x' } };
  socket.send({ type: 'subscribe', id: '1', payload: { extensions } });
  expect(await socket.next({ type: 'error', id: '1' })).toMatchObject({
    payload: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
  });
  socket.send({ type: 'subscribe', id: '1', payload: { query: QUERY, extensions } });
  await socket.next({ type: 'complete', id: '1' });
  socket.close();
});

test('a request with a document and its hash is executed', async () => {
  const answer = await post(
    server.endpoint,
    JSON.stringify({ query: QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
  );
  expect(JSON.parse(answer.body.toString())).toEqual({ data: { hello: 'hello' } });
});

test.each(['id', 'doc_id', 'documentId'])(
  'a request that names its document by `%s` is told to send the document',
  async (name) => {
    const answer = await post(server.endpoint, JSON.stringify({ [name]: 'abc', variables: {} }));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString()).errors[0].message).toBe(
      `\`query\` is missing, and this API knows no documents by \`${name}\`: send the document.`,
    );
  },
);

test("Apollo's batches are refused with the reason", async () => {
  const run = apollo(new BatchHttpLink({ uri: server.endpoint, batchInterval: 1 }));
  await expect(run(QUERY)).rejects.toMatchObject({
    statusCode: 400,
    bodyText: expect.stringContaining('The body is a batch of operations, which this API does not support.'),
  });
});
