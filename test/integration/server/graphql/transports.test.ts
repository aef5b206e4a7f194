import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect, dataOf, query, subscribeSse, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const overHttp = async (document: string) => [await query(server.endpoint, document)];
const overSse = (document: string) => collect(subscribeSse(server.endpoint, document));
const overWebSocket = (document: string) => collect(subscribeWs(server.endpoint, document));

describe.each([
  ['HTTP', overHttp],
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
])('operations over %s', (transport, run) => {
  test(`a query is answered over ${transport}`, async () => {
    expect(await run('{ hello viewerId }')).toEqual([{ data: { hello: 'hello', viewerId: 'local' } }]);
  });

  test(`a mutation is executed over ${transport}`, async () => {
    expect(await run('mutation { double(of: 21) }')).toEqual([{ data: { double: 42 } }]);
  });
});

describe.each([
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
])('subscriptions over %s', (transport, run) => {
  test(`a subscription over ${transport} sends each event and completes`, async () => {
    const events = await run('subscription { countTo(last: 3) }');
    expect(events.map((event) => dataOf(event))).toEqual([{ countTo: 1 }, { countTo: 2 }, { countTo: 3 }]);
  });
});

describe('GET', () => {
  const get = (document: string, accept = 'application/json') =>
    fetch(`${server.endpoint}?query=${encodeURIComponent(document)}`, { headers: { accept } });

  test('a GET request executes a query', async () => {
    expect(await (await get('{ hello }')).json()).toEqual({ data: { hello: 'hello' } });
  });

  test('a GET request streams a subscription, as EventSource requests it', async () => {
    const response = await get('subscription { countTo(last: 1) }', 'text/event-stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toContain('event: next\ndata: {"data":{"countTo":1}}\n\nevent: complete\ndata:');
  });

  test('a GET request with a mutation is refused', async () => {
    const response = await get('mutation { double(of: 1) }');
    expect(response.status).toBe(405);
  });
});

describe('HTTP/2', () => {
  test('a client that offers to upgrade to HTTP/2 is served over HTTP/1.1', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { request } = await import('node:http');
    const headers = {
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
    };
    request(`${server.endpoint}?query={hello}`, { headers, agent: false }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    })
      .once('error', reject)
      .end();
    expect(JSON.parse(await promise)).toEqual({ data: { hello: 'hello' } });
  });
});
