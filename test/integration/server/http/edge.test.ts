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
/** Kinds of requests, each with the status that it gets if it is allowed. */
const requests: Record<string, { send: (headers?: Record<string, string>) => Promise<RawAnswer>; allowed: number }> = {
  'a POST': { send: (headers) => post(server.endpoint, body, headers), allowed: 200 },
  'a GET': { send: (headers) => get(`${server.endpoint}?query={hello}`, headers), allowed: 200 },
  'a preflight': { send: (headers = {}) => send(server.endpoint, { method: 'OPTIONS', headers }), allowed: 204 },
  'a WebSocket': { send: (headers) => upgrade(server.endpoint, headers), allowed: 101 },
};

describe.each(Object.entries(requests))('host and origin of %s', (name, request) => {
  test.each([
    ['without an origin', {}],
    ['from a page on another port of localhost', { Origin: 'http://localhost:5173' }],
  ])(`${name} %s is allowed`, async (_where, headers) => {
    expect((await request.send(headers)).status).toBe(request.allowed);
  });

  test.each([
    ['from another site', { Origin: 'https://evil.example' }, 'FORBIDDEN_ORIGIN'],
    ['from a sandboxed page, such as a deployment', { Origin: 'null' }, 'FORBIDDEN_ORIGIN'],
    ['from a page whose domain was rebound', { Origin: 'http://evil.example', Host: 'evil.example' }, 'FORBIDDEN_HOST'],
    ['by an unknown host name', { Host: 'evil.example' }, 'FORBIDDEN_HOST'],
  ])(`${name} %s is refused with 403`, async (_where, headers, code) => {
    const answer = await request.send(headers);
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe(code);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('CORS', () => {
  const headers = { Origin: 'http://localhost:5173' };

  test('a page from an allowed origin may read the response', async () => {
    const answer = await post(server.endpoint, body, headers);
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(answer.headers['vary']).toContain('Origin');
  });

  test('a page from an allowed origin may send the headers that it requests', async () => {
    const asked = { ...headers, 'Access-Control-Request-Headers': 'authorization,content-type' };
    const answer = await send(server.endpoint, { method: 'OPTIONS', headers: asked });
    expect(answer.headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type',
    });
  });

  test('a page from an allowed origin may read an event stream', async () => {
    const document = encodeURIComponent('subscription { countTo(last: 1) }');
    const answer = await get(`${server.endpoint}?query=${document}`, { ...headers, accept: 'text/event-stream' });
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(answer.body.toString()).toContain('event: complete');
  });
});

describe('CSRF', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'a POST that a page could send without a preflight is refused with 415: %j',
    async (contentType) => {
      const answer = await post(server.endpoint, body, { 'content-type': contentType });
      expect(answer.status).toBe(415);
      expect(codeOf(answer)).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );
});

describe('the size limit of bodies', () => {
  const large = JSON.stringify({ query: `{ hello } #${'x'.repeat(MAX_REQUEST_BYTES)}` });

  test('a body that declares too large a length is refused with 413', async () => {
    expect((await post(server.endpoint, large)).status).toBe(413);
  });

  test('a body of undeclared length that becomes too large is refused with 413', async () => {
    expect((await post(server.endpoint, large, { 'transfer-encoding': 'chunked' })).status).toBe(413);
  });
});

describe('bodies that are not an operation', () => {
  test('a batch of operations is refused', async () => {
    expect((await post(server.endpoint, `[${body},${body}]`)).status).toBe(400);
  });

  test('a body with broken JSON is refused', async () => {
    expect((await post(server.endpoint, '{"query":')).status).toBe(400);
  });
});

describe('JSON parameters of a GET request', () => {
  test.each(['variables={', 'variables=x', 'extensions=['])(
    'a GET request with %s is refused, and the error names the parameter',
    async (parameter) => {
      const answer = await get(`${server.endpoint}?query={hello}&${parameter}`);
      expect(answer.status).toBe(400);
      const { errors } = JSON.parse(answer.body.toString());
      expect(errors[0].message).toBe(`The parameter \`${parameter.split('=')[0]}\` must be a JSON object.`);
    },
  );

  test.each(['variables={}', 'variables=', 'extensions={"x":1}'])(
    'a GET request with %s is executed',
    async (parameter) => {
      expect((await get(`${server.endpoint}?query={hello}&${encodeURI(parameter)}`)).status).toBe(200);
    },
  );
});

test('the content type of JSON is accepted in any spelling', async () => {
  const types = ['APPLICATION/JSON', 'Application/Json; Charset=UTF-8', 'application/json;charset="utf-8"'];
  const answers = await Promise.all(types.map((type) => post(server.endpoint, body, { 'content-type': type })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

describe('unknown paths', () => {
  test.each(['/nothing', '/graphql/', '/health/unknown', '//evil.example/graphql'])(
    'the path %s is 404',
    async (path) => {
      const answer = await send(server.url, { path });
      expect(answer.status).toBe(404);
      expect(codeOf(answer)).toBe('NOT_FOUND');
    },
  );

  test('a WebSocket on another path is 404, and its connection closed', async () => {
    const answer = await upgrade(`${server.url}/other`);
    expect(answer.status).toBe(404);
    expect(answer.headers['connection']).toBe('close');
  });

  test('a request for an absolute URL, as to a proxy, is 404', async () => {
    const answer = await send(server.url, { path: 'http://evil.example/graphql?query={hello}' });
    expect(answer.status).toBe(404);
  });
});

describe('embedding on other sites', () => {
  const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };

  test.each([['/graphql?query={hello}'], ['/rooms/x/logs']])('%s embedded on another site is refused', async (path) => {
    expect((await get(`${server.url}${path}`, embedded)).status).toBe(403);
  });

  test('a link from another site is allowed', async () => {
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await get(`${server.endpoint}?query={hello}`, followed)).status).toBe(200);
  });
});

describe('security headers', () => {
  test('a response allows a browser nothing by default', async () => {
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

  test('a response requires HTTPS if PUBLIC_URL does', async () => {
    await using secure = await startTestServer({ publicUrl: 'https://rooms.example.com' });
    const { headers } = await get(`http://127.0.0.1:${secure.port}/health/live`);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

test('a mutation by GET and headers of 20 KiB are refused', async () => {
  expect((await get(`${server.endpoint}?query=${encodeURIComponent('mutation { double(of: 1) }')}`)).status).toBe(405);
  expect((await get(server.endpoint, { 'x-large': 'x'.repeat(20_000) })).status).toBe(431);
});
