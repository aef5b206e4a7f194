import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Content } from '../../../../src/orchestrator/ports/content.ts';
import { get, send } from '../../../support/clients/raw-http.ts';
import { DatabaseUnavailable } from '../../../support/server/test-schema.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

const PAGE = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
const IMAGE = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e';
const ABSENT = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const UNAVAILABLE = 'bafkreib3sq7qeebzdsdbqh3dq3hwyp4ixnvmydlgzfgcqkwfncfqjvnhgi';

const stored = new Map<string, Content>([
  [
    PAGE,
    { contentType: 'text/html; charset=utf-8', bytes: Buffer.from('<h1>Boo</h1><script>fetch("/graphql")</script>') },
  ],
  [IMAGE, { contentType: 'image/svg+xml', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }],
]);

let server: TestServer;
beforeAll(async () => {
  const read = async (cid: string) => {
    if (cid === UNAVAILABLE) throw new DatabaseUnavailable('connection lost');
    return stored.get(cid) ?? null;
  };
  server = await startTestServer({ content: { get: read } });
});
afterAll(() => server.close());

const at = (path: string) => `${server.url}/deployments/${path}`;

describe('published pages', () => {
  test('a published page is served as it was stored', async () => {
    const answer = await get(at(`${PAGE}/`));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body.equals(Buffer.from(stored.get(PAGE)?.bytes ?? ''))).toBe(true);
  });

  test('a published page is sandboxed: it loads nothing and reaches no API', async () => {
    const { headers } = await get(at(`${PAGE}/`));
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toContain('sandbox allow-scripts');
    expect(policy).toContain("default-src 'none'");
    expect(policy.join()).not.toMatch(/allow-same-origin|connect-src|http|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  test('a published page may be cached indefinitely, and is not sent again to a client that has it', async () => {
    const { headers } = await get(at(`${PAGE}/`));
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const again = await get(at(`${PAGE}/`), { 'if-none-match': String(headers.etag) });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    // A browser replaces the headers it has stored by these.
    for (const name of ['content-security-policy', 'cross-origin-resource-policy'] as const) {
      expect(again.headers[name], name).toBe(headers[name]);
    }
  });

  test.each([
    ['as a weak tag, as after compression by a proxy', (etag: string) => `W/${etag}`],
    ['among others', (etag: string) => `"other", ${etag}`],
    ['as any', () => '*'],
  ])('a published page is not sent again to a client that names its version %s', async (_how, named) => {
    expect((await get(at(`${PAGE}/`), { 'if-none-match': named(`"${PAGE}"`) })).status).toBe(304);
    expect((await get(at(`${PAGE}/`), { 'if-none-match': `W/"${IMAGE}"` })).status).toBe(200);
  });

  test('a published page is found without the trailing slash', async () => {
    const answer = await get(at(PAGE));
    expect(answer.status).toBe(308);
    expect(new URL(answer.headers.location ?? '', at(PAGE)).href).toBe(at(`${PAGE}/`));
  });

  test('a published page is found by another encoding of its CID', async () => {
    const { CID } = await import('multiformats/cid');
    const { base58btc } = await import('multiformats/bases/base58');
    expect((await get(at(`${CID.parse(PAGE).toString(base58btc)}/`))).status).toBe(200);
  });

  test('a published page answers HEAD with the headers only', async () => {
    const answer = await send(at(`${PAGE}/`), { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers['content-length'])).toBe(stored.get(PAGE)?.bytes.byteLength);
    expect(answer.body).toHaveLength(0);
  });
});

test('a published SVG is sandboxed like a page', async () => {
  const { headers } = await get(at(`${IMAGE}/`));
  expect(headers['content-type']).toBe('image/svg+xml');
  expect(headers['content-security-policy']).toContain('sandbox');
});

describe('missing pages', () => {
  test.each([
    ['a CID that nobody published', `${ABSENT}/`, 404],
    ['a path below a page', `${PAGE}/index.html`, 404],
    ['a path without a valid CID', 'not-a-cid/', 400],
    ['a path that leads upwards', '..%2f..%2fetc%2fpasswd', 400],
    ['a path without a CID', '', 400],
  ])('%s gets an error as JSON', async (_where, path, status) => {
    const answer = await get(at(path));
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('a published page cannot be written', async () => {
    const answer = await send(at(`${PAGE}/`), { method: 'PUT' }, 'x');
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('a published page is 503 with a retry delay while the database is unavailable', async () => {
    const answer = await get(at(`${UNAVAILABLE}/`));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
  });
});
