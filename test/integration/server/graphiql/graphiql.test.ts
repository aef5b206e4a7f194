import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, type RawAnswer } from '../../../support/clients/raw-http.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
let page: RawAnswer;
const visit = (headers: Record<string, string> = {}) => get(server.endpoint, { accept: 'text/html', ...headers });
beforeAll(async () => {
  server = await startTestServer();
  page = await visit();
});
afterAll(() => server.close());

describe('the GraphiQL page', () => {
  test('a browser gets GraphiQL at /graphql, and is redirected there from /', async () => {
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body.toString()).toMatch(/^<!doctype html>/);
    const index = await get(`${server.url}/`);
    expect(new URL(index.headers.location ?? '', `${server.url}/`).href).toBe(server.endpoint);
  });

  test('GraphiQL loads no scripts, styles or icons from other servers', () => {
    // Scripts contain text that looks like markup, so only what precedes the first script is parsed.
    const head = page.body.toString().split('<script>', 1)[0] ?? '';
    const icon = /<link rel="icon" href="([^"]*)"/.exec(head)?.[1];
    expect(icon).toMatch(/^data:image\//);
    expect(head.match(/<(link|script|img|iframe)\b/g)).toEqual(['<link']);
    expect(head).not.toMatch(/@import|url\(["']?(?!data:)/);
  });

  test('the policy of GraphiQL allows requests to this server only', () => {
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  test('GraphiQL subscribes over WebSocket, and its tabs contain operations to run', () => {
    const html = page.body.toString();
    expect(html).toContain('"subscriptionsProtocol":"WS"');
    expect(html).toContain('startWorkflow(input:');
    expect(html).toContain('agentLogs(roomId:');
  });

  test.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])('GraphiQL is compressed with %s for browsers that accept it', async (encoding, acceptEncoding, decompress) => {
    const answer = await visit({ 'accept-encoding': acceptEncoding });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['vary']).toContain('Accept-Encoding');
    expect(answer.body.byteLength).toBeLessThan(page.body.byteLength / 3);
    expect(decompress(answer.body).equals(page.body)).toBe(true);
  });

  test('GraphiQL is not sent again to a browser that has it', async () => {
    const first = await visit({ 'accept-encoding': 'br' });
    const again = await visit({ 'accept-encoding': 'br', 'if-none-match': String(first.headers.etag) });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers['cache-control']).toBe('no-cache');
    // A browser replaces the headers it has stored by these.
    expect(again.headers['content-security-policy']).toBe(first.headers['content-security-policy']);
    const behindProxy = await visit({ 'accept-encoding': 'br', 'if-none-match': `W/${String(first.headers.etag)}` });
    expect(behindProxy.status).toBe(304);
  });

  test('a client that asks for JSON does not get GraphiQL', async () => {
    const answer = await get(`${server.endpoint}?query={hello}`, { accept: 'application/json' });
    expect(JSON.parse(answer.body.toString())).toEqual({ data: { hello: 'hello' } });
  });
});

describe('GRAPHIQL and INTROSPECTION off', () => {
  let closed: TestServer;
  beforeAll(async () => {
    closed = await startTestServer({ graphiql: false, introspection: false });
  });
  afterAll(() => closed.close());
  const ask = async (document: string) =>
    JSON.parse(String((await get(`${closed.endpoint}?query=${encodeURIComponent(document)}`)).body));

  test('with GRAPHIQL off a browser gets no page, and / lists the paths', async () => {
    const answer = await get(closed.endpoint, { accept: 'text/html,*/*;q=0.8' });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(String((await get(`${closed.url}/`)).body))).toMatchObject({ graphql: '/graphql' });
  });

  test('with INTROSPECTION off the schema cannot be queried', async () => {
    const message = expect.stringContaining('introspection');
    expect(await ask('{ __schema { queryType { name } } }')).toMatchObject({ errors: [{ message }, {}] });
  });

  test('with INTROSPECTION off operations are still validated and executed', async () => {
    const message = expect.stringContaining('Cannot query field "nothing"');
    expect(await ask('{ nothing }')).toMatchObject({ errors: [{ message }] });
    expect(await ask('{ hello }')).toEqual({ data: { hello: 'hello' } });
  });
});
