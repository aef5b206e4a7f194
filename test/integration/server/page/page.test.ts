import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPage } from '../../../../src/server/page/page.ts';
import { get, type RawAnswer } from '../../../support/clients/raw-http.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
let page: RawAnswer;
const html = { accept: 'text/html,*/*;q=0.8' };
const scriptOf = ({ body }: RawAnswer): string => /<script [^>]*src="\.\/([^"]+)"/.exec(body.toString())?.[1] ?? '';

beforeAll(async () => {
  server = await startTestServer();
  page = await get(`${server.url}/`, html);
});
afterAll(() => server.close());

describe('the page', () => {
  test('a browser gets the page at / and at the address of a room', async () => {
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const room = await get(`${server.url}/rooms/some-room`, html);
    expect(room.status).toBe(200);
    // Relative, so that both work behind a proxy that adds a prefix.
    expect(page.body.toString()).toContain('<base href="./"');
    expect(room.body.toString()).toContain('<base href="../"');
  });

  test('a program gets the index at / and the log of a room, not the page', async () => {
    expect((await get(`${server.url}/`, { accept: 'application/json' })).status).toBe(302);
    const log = await get(`${server.url}/rooms/some-room/logs.ndjson`, html);
    expect(log.headers['content-type']).toContain('application/json');
  });

  test('the policy of the page allows no inline script and nothing from other servers', async () => {
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const again = await get(`${server.url}/`, { ...html, 'if-none-match': String(page.headers.etag) });
    expect(again.status).toBe(304);
    // A browser replaces the headers it has stored by these.
    expect(again.headers['content-security-policy']).toBe(policy);
  });

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])(
    'the page’s script is sent compressed with %s, and cached by browsers indefinitely',
    async (encoding, decompress) => {
      const url = `${server.url}/${scriptOf(page)}`;
      const plain = await get(url);
      const answer = await get(url, { 'accept-encoding': encoding });
      expect(answer.headers).toMatchObject({
        'content-encoding': encoding,
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      expect(decompress(answer.body).equals(plain.body)).toBe(true);
    },
  );

  test('the page’s scripts weigh less than 130 KB, compressed', async () => {
    const { body } = await get(`${server.url}/${scriptOf(page)}`, { 'accept-encoding': 'br' });
    expect(body.byteLength).toBeLessThan(130_000);
    expect(page.body.toString().match(/<script/g)).toHaveLength(1);
  });

  test('a file that the page does not have is not found', async () => {
    for (const path of ['assets/none.js', 'assets/../index.html', 'assets/..%2findex.html']) {
      expect((await get(`${server.url}/${path}`)).status).toBe(404);
    }
  });

  test('with UI off nothing is served at / and at the address of a room', async () => {
    await using closed = await startTestServer({ ui: false });
    for (const path of ['/', '/rooms/some-room']) expect((await get(closed.url + path, html)).status).toBe(404);
  });

  test('a page that has not been built is replaced by a sentence that says what to run', async () => {
    const { serve } = createPage({ graphiql: true, needsToken: false, read: async () => null });
    const other = createServer((req, res) => void serve(req, res, '/'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await get(`http://127.0.0.1:${port}/`, html);
    expect([answer.status, answer.body.toString()]).toEqual([503, expect.stringContaining('npm run build:page')]);
    other.close();
  });
});
