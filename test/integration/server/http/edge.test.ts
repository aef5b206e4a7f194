import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../src/server/graphql/engine.ts';
import { get, post, type RawAnswer, send, upgrade } from '../../../support/clients/raw-http.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ host: '127.0.0.1' });
});
afterAll(() => server.close());

const body = JSON.stringify({ query: '{ hello }' });
const codeOf = (answer: RawAnswer) => JSON.parse(answer.body.toString()).errors[0].extensions.code;
/** Each with what it answers when it lets a request through. */
const doors: Record<string, { ask: (headers?: Record<string, string>) => Promise<RawAnswer>; open: number }> = {
  'a POST': { ask: (headers) => post(server.endpoint, body, headers), open: 200 },
  'a GET': { ask: (headers) => get(`${server.endpoint}?query={hello}`, headers), open: 200 },
  'a preflight': { ask: (headers = {}) => send(server.endpoint, { method: 'OPTIONS', headers }), open: 204 },
  'a WebSocket': { ask: (headers) => upgrade(server.endpoint, headers), open: 101 },
};

describe.each(Object.entries(doors))('%s', (_name, { ask, open }) => {
  test.each([
    ['from no page', {}],
    ['from a page on another port of localhost', { Origin: 'http://localhost:5173' }],
  ])('%s is let through', async (_where, headers) => {
    expect((await ask(headers)).status).toBe(open);
  });

  test.each([
    ['from a page elsewhere', { Origin: 'https://evil.example' }, 'FORBIDDEN_ORIGIN'],
    ['from a sandboxed page, such as a deployment', { Origin: 'null' }, 'FORBIDDEN_ORIGIN'],
    ['from a page whose name was rebound', { Origin: 'http://evil.example', Host: 'evil.example' }, 'FORBIDDEN_HOST'],
    ['by a foreign name', { Host: 'evil.example' }, 'FORBIDDEN_HOST'],
  ])('%s is refused with 403', async (_where, headers, code) => {
    const answer = await ask(headers);
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe(code);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a page that is allowed', () => {
  const headers = { Origin: 'http://localhost:5173' };

  test('may read the answer', async () => {
    const answer = await post(server.endpoint, body, headers);
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(answer.headers['vary']).toContain('Origin');
  });

  test('may send the headers it asks for', async () => {
    const asked = { ...headers, 'Access-Control-Request-Headers': 'authorization,content-type' };
    const answer = await send(server.endpoint, { method: 'OPTIONS', headers: asked });
    expect(answer.headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type',
    });
  });

  test('may read an event stream', async () => {
    const document = encodeURIComponent('subscription { countTo(last: 1) }');
    const answer = await get(`${server.endpoint}?query=${document}`, { ...headers, accept: 'text/event-stream' });
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(answer.body.toString()).toContain('event: complete');
  });
});

describe('a POST that a page could send without asking first', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'is refused with 415: %j',
    async (contentType) => {
      const answer = await post(server.endpoint, body, { 'content-type': contentType });
      expect(answer.status).toBe(415);
      expect(codeOf(answer)).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );
});

describe('a body over the limit', () => {
  const large = JSON.stringify({ query: `{ hello } #${'x'.repeat(MAX_REQUEST_BYTES)}` });

  test('is refused with 413 by its length', async () => {
    expect((await post(server.endpoint, large)).status).toBe(413);
  });

  test('is refused with 413 while it is read, when its length is not told', async () => {
    expect((await post(server.endpoint, large, { 'transfer-encoding': 'chunked' })).status).toBe(413);
  });
});

describe('what is no operation', () => {
  test('a batch is refused', async () => {
    expect((await post(server.endpoint, `[${body},${body}]`)).status).toBe(400);
  });

  test('broken JSON is refused', async () => {
    expect((await post(server.endpoint, '{"query":')).status).toBe(400);
  });
});

describe('a GET whose parameters are no JSON', () => {
  test.each(['variables={', 'variables=x', 'extensions=['])('(%s) is refused by its name', async (parameter) => {
    const answer = await get(`${server.endpoint}?query={hello}&${parameter}`);
    expect(answer.status).toBe(400);
    const { errors } = JSON.parse(answer.body.toString());
    expect(errors[0].message).toBe(`The parameter \`${parameter.split('=')[0]}\` must be a JSON object.`);
  });

  test.each(['variables={}', 'variables=', 'extensions={"x":1}'])('(%s) is none of these', async (parameter) => {
    expect((await get(`${server.endpoint}?query={hello}&${encodeURI(parameter)}`)).status).toBe(200);
  });
});

test('the type of a body is JSON however it is written', async () => {
  const types = ['APPLICATION/JSON', 'Application/Json; Charset=UTF-8', 'application/json;charset="utf-8"'];
  const answers = await Promise.all(types.map((type) => post(server.endpoint, body, { 'content-type': type })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

describe('an address where nothing is', () => {
  test.each(['/nothing', '/graphql/', '/health/unknown', '//evil.example/graphql'])('%s is 404', async (path) => {
    const answer = await send(server.url, { path });
    expect(answer.status).toBe(404);
    expect(codeOf(answer)).toBe('NOT_FOUND');
  });

  test('a WebSocket elsewhere is 404, and the connection closed', async () => {
    const answer = await upgrade(`${server.url}/other`);
    expect(answer.status).toBe(404);
    expect(answer.headers['connection']).toBe('close');
  });

  test('a request meant for a proxy is 404', async () => {
    const answer = await send(server.url, { path: 'http://evil.example/graphql?query={hello}' });
    expect(answer.status).toBe(404);
  });
});

describe('what a page from elsewhere embeds without asking', () => {
  const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };

  test.each([['/graphql?query={hello}'], ['/rooms/x/logs']])('%s is refused', async (path) => {
    expect((await get(`${server.url}${path}`, embedded)).status).toBe(403);
  });

  test('a link that a person follows is not', async () => {
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await get(`${server.endpoint}?query={hello}`, followed)).status).toBe(200);
  });
});

describe('what an answer lets a browser do', () => {
  test('is nothing', async () => {
    const { headers } = await get(`${server.endpoint}?query={hello}`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('is https alone, where that is how browsers come', async () => {
    await using secure = await startTestServer({ publicUrl: 'https://rooms.example.com' });
    const { headers } = await get(`http://127.0.0.1:${secure.port}/health/live`);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

test('a mutation by GET is refused, and headers of 20 KiB are', async () => {
  expect((await get(`${server.endpoint}?query=${encodeURIComponent('mutation { double(of: 1) }')}`)).status).toBe(405);
  expect((await get(server.endpoint, { 'x-large': 'x'.repeat(20_000) })).status).toBe(431);
});
