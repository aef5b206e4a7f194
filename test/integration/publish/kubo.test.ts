import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { cidOf } from '../../../src/built-in-agents/cid.ts';
import { createKubo } from '../../../src/built-in-agents/publish/kubo.ts';
import { freePort } from '../../support/network/free-port.ts';
import { type KuboServer, startKubo } from '../../support/publish/kubo-server.ts';

const SOON = () => AbortSignal.timeout(10_000);
const PAGE = new TextEncoder().encode('<p>lamp</p>');

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function kuboWith(options: Parameters<typeof startKubo>[0] = {}): Promise<KuboServer> {
  const server = await startKubo(options);
  servers.push(server);
  return server;
}

/** A server that answers every request alike. */
async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    async close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('adding to IPFS', () => {
  test.each([0, 11, 262_145, 1_048_576, 1_048_577, 3_000_000])(
    'a node whose defaults differ gives %i bytes the CID that was computed here, and pins them',
    async (size) => {
      const kubo = await kuboWith();
      const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const cid = await createKubo(kubo.url).add(bytes, SOON());
      expect(cid).toBe(await cidOf(bytes));
      expect(Buffer.compare(kubo.pinned.get(cid) ?? Buffer.alloc(1), bytes)).toBe(0);
    },
  );

  test('user and password of the URL are sent as Basic authorization, and are in no message', async () => {
    const kubo = await kuboWith({ credentials: 'ann:se cret' });
    const withPassword = (password: string) => createKubo(kubo.url.replace('://', `://ann:${password}@`));
    expect(await withPassword('se%20cret').add(PAGE, SOON())).toBe(await cidOf(PAGE));
    expect(withPassword('se%20cret').url).toBe(kubo.url);
    await expect(withPassword('wrong').add(PAGE, SOON())).rejects.toThrow(
      `IPFS at ${kubo.url} refused the call with HTTP 403: Kubo RPC Access Denied: Please provide a valid ` +
        "authorization token; check user and password in IPFS_API_URL and the node's API.Authorizations",
    );
  });

  test('a node that is not running is named with what to do', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(createKubo(url).add(PAGE, SOON())).rejects.toThrow(
      `IPFS is not reachable at ${url} (ECONNREFUSED): start the node, or correct IPFS_API_URL`,
    );
  });

  test('a node that does not answer in time is named', async () => {
    const kubo = await kuboWith();
    kubo.mood = 'hangs';
    await expect(createKubo(kubo.url).add(PAGE, AbortSignal.timeout(50))).rejects.toThrow(
      `IPFS at ${kubo.url} did not answer in time`,
    );
  });

  test('a node that fails is quoted', async () => {
    const kubo = await kuboWith();
    kubo.mood = 'has no space';
    await expect(createKubo(kubo.url).add(PAGE, SOON())).rejects.toThrow(
      `IPFS at ${kubo.url} refused the call with HTTP 500: write /data/blocks: no space left on device`,
    );
  });

  test('an answer that ends without a CID is a failure', async () => {
    const kubo = await kuboWith();
    kubo.mood = 'breaks off';
    await expect(createKubo(kubo.url).add(PAGE, SOON())).rejects.toThrow('is not from Kubo');
  });

  test.each([
    [
      'an error line in the answer',
      200,
      '{"Message":"pin: context canceled","Code":0,"Type":"error"}\n',
      /pin: context/,
    ],
    ['a page instead of an answer', 200, '<html>gateway</html>', /is its RPC API, not its gateway/],
    ['an endless line', 200, 'x'.repeat(200_000), /is not from Kubo/],
    ['a gateway', 405, 'Method Not Allowed', /HTTP 405: Method Not Allowed; check that IPFS_API_URL is the RPC API/],
    ['a redirect', 302, '', /HTTP 302; check that IPFS_API_URL is the RPC API/],
    ['an error page', 502, '<html><h1>Bad Gateway</h1></html>', /HTTP 502$/],
  ])('%s is a failure that says what is wrong', async (_what, status, body, message) => {
    const url = await answering(status, body, { Location: 'http://127.0.0.1:1/' });
    await expect(createKubo(url).add(PAGE, SOON())).rejects.toThrow(message);
  });
});
