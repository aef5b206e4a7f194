import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  codeOf,
  collect,
  connectWs,
  query,
  subscribeSse,
  subscribeWs,
} from '../../../support/clients/graphql-clients.ts';
import { type ControlledSource, createControlledSource } from '../../../support/server/controlled-source.ts';
import { DatabaseUnavailable, SECRET } from '../../../support/server/test-schema.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
let source: ControlledSource<number>;
beforeAll(async () => {
  server = await startTestServer({}, { watch: () => source.open() });
});
beforeEach(() => {
  source = createControlledSource();
  server.logged.length = 0;
});
afterAll(() => server.close());

const transports = {
  HTTP: async (document: string) => [await query(server.endpoint, document)],
  SSE: (document: string) => collect(subscribeSse(server.endpoint, document)),
  WebSocket: (document: string) => collect(subscribeWs(server.endpoint, document)),
};
const { HTTP: _http, ...streaming } = transports;

describe.each(Object.entries(transports))('errors over %s', (name, run) => {
  test(`an expected error has its code and path over ${name}`, async () => {
    expect(await run('{ hello request }')).toEqual([
      {
        data: { hello: 'hello', request: null },
        errors: [
          {
            message: 'Room not found.',
            path: ['request'],
            locations: [{ line: 1, column: 9 }],
            extensions: { code: 'ROOM_NOT_FOUND' },
          },
        ],
      },
    ]);
  });

  test(`an error thrown as GraphQLError is passed on over ${name}`, async () => {
    expect((await run('{ graphql }'))[0]).toMatchObject({ errors: [{ message: 'an expected error' }] });
  });

  test(`an error while the database is unavailable has retryAfterMs over ${name}`, async () => {
    const [answer] = await run('{ unavailable }');
    expect(answer?.errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfterMs: 2_000 });
  });

  test(`any other error is masked over ${name}, and found in the log by its id`, async () => {
    const [answer] = await run('{ unexpected }');
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(answer).toMatchObject({ errors: [{ message: 'Unexpected error.', path: ['unexpected'] }] });
    const { code, errorId } = answer?.errors?.[0]?.extensions ?? {};
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(server.logged).toMatchObject([{ level: 'error', fields: { errorId, err: { message: SECRET } } }]);
  });
});

describe.each(Object.entries(streaming))('subscriptions over %s', (name, run) => {
  test(`a refused subscription over ${name} has the error code`, async () => {
    const answers = await run('subscription { refused }');
    expect(answers.map(codeOf)).toEqual(['ROOM_NOT_FOUND']);
  });
});

describe('failing streams', () => {
  test('a failing stream ends over SSE with a masked error', async () => {
    source.push(1);
    source.fail(new Error(SECRET));
    const answers = await collect(subscribeSse(server.endpoint, 'subscription { watch }'));
    expect(answers).toMatchObject([{ data: { watch: 1 } }, { errors: [{ message: 'Unexpected error.' }] }]);
    expect(JSON.stringify(answers)).not.toContain(SECRET);
  });

  test('a stream that fails with an AbortError ends over SSE with a masked error', async () => {
    source.fail(new DOMException('gone', 'AbortError'));
    const answers = await collect(subscribeSse(server.endpoint, 'subscription { watch }'));
    expect(answers.map(codeOf)).toEqual(['INTERNAL_SERVER_ERROR']);
  });

  test('a failing stream ends over WebSocket with a masked error message', async () => {
    source.push(1);
    source.fail(new Error(SECRET));
    const answers: unknown[] = [];
    const reading = (async () => {
      for await (const answer of subscribeWs(server.endpoint, 'subscription { watch }')) answers.push(answer);
    })();
    await expect(reading).rejects.toMatchObject([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) } },
    ]);
    expect(answers).toEqual([{ data: { watch: 1 } }]);
  });

  test('a stream that fails because the database is unavailable ends over WebSocket with that reason', async () => {
    source.fail(new DatabaseUnavailable('connection lost'));
    await expect(collect(subscribeWs(server.endpoint, 'subscription { watch }'))).rejects.toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 2_000 } },
    ]);
  });
});

describe('errors of GraphQL itself', () => {
  test.each([
    ['a syntax error', '{ hello', 'Syntax Error: Expected Name, found <EOF>.'],
    ['an unknown field', '{ nothing }', 'Cannot query field "nothing" on type "Query".'],
  ])('%s is explained over HTTP and WebSocket', async (_what, document, message) => {
    const answer = await query(server.endpoint, document);
    expect(answer).toMatchObject({ errors: [{ message }] });
    await expect(collect(subscribeWs(server.endpoint, document))).rejects.toMatchObject([{ message }]);
    expect(server.logged).toEqual([]);
  });

  test('a variable of the wrong type is explained, without the extensions meant for transports', async () => {
    const document = 'mutation ($n: Int!) { double(of: $n) }';
    const overHttp = await query(server.endpoint, document, { n: 'x' });
    const [overWebSocket] = await collect(subscribeWs(server.endpoint, document, { n: 'x' }));
    expect(overHttp.errors?.[0]?.message).toMatch(/^Variable "\$n" got invalid value "x"/);
    expect(overWebSocket?.errors).toEqual(overHttp.errors);
  });
});

describe('several operations on one WebSocket', () => {
  test.each([
    ['a syntax error', '{ hello'],
    ['an unknown field', '{ nothing }'],
    ['an empty document', ''],
    ['a masked error', '{ unexpected }'],
    ['a refused subscription', 'subscription { refused }'],
  ])('the operations of a WebSocket continue after %s in one of them', async (_what, document) => {
    let connections = 0;
    const connected = () => {
      connections += 1;
    };
    const client = connectWs(server.endpoint, { on: { connected } });
    const watching = collect(client.iterate<{ watch: number }>({ query: 'subscription { watch }' }));
    await source.opened;
    await collect(client.iterate({ query: document })).catch(() => undefined);
    source.push(7);
    source.end();
    expect(await watching).toEqual([{ data: { watch: 7 } }]);
    expect(connections).toBe(1);
    await client.dispose();
  });
});

describe('a context that cannot be created', () => {
  test('a context that cannot be created is a masked 500 over HTTP, and an error message over WebSocket', async () => {
    const createContext = () => {
      throw new Error(SECRET);
    };
    await using broken = await startTestServer({ createContext });
    const response = await fetch(`${broken.endpoint}?query={hello}`);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    await expect(collect(subscribeWs(broken.endpoint, '{ hello }'))).rejects.toMatchObject([
      { message: 'Unexpected error.', extensions: { errorId: expect.any(String) } },
    ]);
  });
});
