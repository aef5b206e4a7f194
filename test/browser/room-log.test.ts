import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { ndjsonFrom } from '../support/clients/room-log-clients.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';

const START = `mutation { startWorkflow(input: { userInput: "a harbour in the fog" }) {
  workflow { id } room { id } } }`;
type Started = { startWorkflow: { workflow: { id: string }; room: { id: string } } };

test('the EventSource page in examples/ shows each line of a log once, in order, when its connection is lost', async () => {
  const service = await startEmbeddedService();
  onTestFinished(async () => void (await service.stop()));
  const proxy = await startTcpProxy(Number(new URL(service.graphqlUrl).port));
  onTestFinished(() => proxy.close());
  const api = `http://127.0.0.1:${proxy.port}`;
  const browser = await launchChromium();
  onTestFinished(() => browser.close());

  const { workflow, room } = dataOf(await query<Started>(service.graphqlUrl, START)).startWorkflow;
  const page = await browser.context.newPage();
  await page.goto(`${await servePage()}?api=${api}&room=${room.id}&workflow=${workflow.id}`);
  const shown = () => page.locator('#log li').allTextContents();

  for (const lines of [3, 8]) {
    await waitFor(`${lines} lines`, async () => (await shown()).length >= lines);
    proxy.cut();
    const length = (await shown()).length;
    await waitFor('lines that the page has missed', async () => (await storedLines()).length > length + 1);
    proxy.restore();
  }
  await waitFor('the last line', async () => (await shown()).at(-1)?.includes('Workflow finished'));
  expect(await shown()).toEqual(
    (await storedLines()).map(({ agentType, level, message }) => `${agentType} ${level} ${message}`),
  );

  function storedLines() {
    return ndjsonFrom(`${new URL(service.graphqlUrl).origin}/rooms/${room.id}/logs.ndjson`);
  }
});

async function servePage(): Promise<string> {
  const html = await readFile(new URL('../../examples/room-log.html', import.meta.url));
  const server = createServer((_req, res) => void res.writeHead(200, { 'Content-Type': 'text/html' }).end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
