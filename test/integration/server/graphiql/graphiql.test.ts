import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGraphiQL } from '../../../../src/server/graphiql/graphiql.ts';
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

/** The files that the page names, as a browser resolves them. */
const addresses = () => {
  const html = page.body.toString();
  const base = new URL(/<base href="([^"]+)"/.exec(html)?.[1] ?? '', server.endpoint);
  return [...html.matchAll(/ (?:src|href)="([^"]*assets[^"]*)"/g)].map(([, path = '']) => new URL(path, base).pathname);
};

describe('the GraphiQL page', () => {
  test('a browser gets GraphiQL at /graphql, and is redirected there from /', async () => {
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body.toString()).toMatch(/^<!doctype html>.*<title>GraphiQL/s);
    const index = await get(`${server.url}/`);
    expect(new URL(index.headers.location ?? '', `${server.url}/`).href).toBe(server.endpoint);
  });

  test('GraphiQL loads its files from below /graphql, so that they pass every proxy that passes the API', () => {
    expect(addresses()).not.toHaveLength(0);
    for (const address of addresses()) expect(address).toMatch(/^\/graphql\/assets\/[\w.-]+-[\w-]{8}\.(js|css|svg)$/);
  });

  test('the policy of GraphiQL allows no inline script, and requests to this server only', () => {
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|blob:|unsafe-eval/);
    expect(page.body.toString()).not.toMatch(/<script(?![^>]* src=)|<style/);
  });

  test.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])(
    'GraphiQL’s files are compressed with %s, and kept by the browser',
    async (encoding, acceptEncoding, decompress) => {
      for (const path of addresses().filter((address) => /\.(js|css)$/.test(address))) {
        const plain = await get(server.url + path);
        const answer = await get(server.url + path, { 'accept-encoding': acceptEncoding });
        expect(answer.headers['content-encoding']).toBe(encoding);
        expect(answer.headers['vary']).toContain('Accept-Encoding');
        expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(decompress(answer.body).equals(plain.body)).toBe(true);
      }
    },
  );

  test('only the files of GraphiQL are served below /graphql', async () => {
    for (const path of ['assets/none.js', 'assets/../index.html', 'assets/..%2findex.html', 'other']) {
      expect((await get(`${server.endpoint}/${path}`)).status).toBe(404);
    }
  });

  test('GraphiQL is not sent again to a browser that has it', async () => {
    const again = await visit({ 'if-none-match': String(page.headers.etag) });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers['cache-control']).toBe('no-cache');
    // A browser replaces the headers it has stored by these.
    expect(again.headers['content-security-policy']).toBe(page.headers['content-security-policy']);
    const behindProxy = await visit({ 'if-none-match': `W/${String(page.headers.etag)}` });
    expect(behindProxy.status).toBe(304);
  });

  test('GraphiQL works without the page', async () => {
    await using other = await startTestServer({ ui: false });
    expect((await get(other.endpoint, { accept: 'text/html' })).body.toString()).toBe(page.body.toString());
    for (const path of addresses()) expect((await get(other.url + path)).status).toBe(200);
  });

  test('a GraphiQL that has not been built is replaced by a sentence that says what to run', async () => {
    const { servePage } = createGraphiQL({ needsToken: false, read: async () => null });
    const other = createServer((req, res) => void servePage(req, res));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await get(`http://127.0.0.1:${port}/graphql`, { accept: 'text/html' });
    expect([answer.status, answer.body.toString()]).toEqual([503, expect.stringContaining('npm run build:page')]);
    other.close();
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
    for (const path of addresses()) expect((await get(closed.url + path)).status).toBe(404);
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
