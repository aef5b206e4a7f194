import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import type { ServiceProcess } from '../support/processes/service-process.ts';
import { bearer, SECRET, tokenOf } from '../support/server/tokens.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';

let browser: TestBrowser;
let service: ServiceProcess;
let otherSite: Server;

beforeAll(async () => {
  browser = await launchChromium();
  service = await startEmbeddedService({ AUTH_JWT_SECRET: SECRET });
  otherSite = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!doctype html><title>another site</title>');
  });
  await new Promise<void>((resolve) => otherSite.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  otherSite?.close();
});

test('GraphiQL’s subscriptions send the token from its headers editor', async () => {
  const headers = bearer(await tokenOf('ada'));
  const made = await query<{ createRoom: { id: string } }>(
    service.graphqlUrl,
    'mutation { createRoom { id } }',
    {},
    headers,
  );
  const roomId = dataOf(made).createRoom.id;
  const page = await browser.context.newPage();
  await page.goto(service.graphqlUrl);
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(`subscription Lines { agentLogs(roomId: "${roomId}") { seq message } }`);
  // GraphiQL reads the editor after a delay.
  await page.locator('.graphiql-tab-button', { hasText: 'Lines' }).waitFor();
  await page.getByRole('button', { name: 'Headers' }).click();
  const editor = page
    .locator('.graphiql-editor:not(.hidden) .monaco-editor, .graphiql-editor-tool .graphiql-editor')
    .last();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify(headers));
  await page.locator('.graphiql-execute-button').click();
  await query(
    service.graphqlUrl,
    'mutation ($roomId: ID) { startWorkflow(input: { userInput: "a lamp", roomId: $roomId }) { replayed } }',
    { roomId },
    headers,
  );
  // GraphiQL shows the latest result only.
  const response = async () =>
    (await page.locator('.graphiql-response .view-lines').innerText()).replaceAll('\u00a0', ' ');
  await waitFor('the last line in the page', async () => (await response()).includes('Workflow finished'));
  await page.close();
});

test('a page of another site can neither read the API nor open a WebSocket, even with a token', async () => {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${(otherSite.address() as AddressInfo).port}/`);
  const token = await tokenOf('ada');
  const outcomes = await page.evaluate(
    async ({ url, authorization }) => {
      const outcome = (work: Promise<Response>) =>
        work.then(
          (res) => `read ${res.status}`,
          () => 'blocked',
        );
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      const json = { 'content-type': 'application/json', authorization };
      const socket = () =>
        new Promise<string>((resolve) => {
          const opened = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('blocked');
        });
      return [
        await outcome(fetch(url, { method: 'POST', headers: json, body })),
        await outcome(fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })),
        await outcome(fetch(`${url}?query={viewer{id}}`)),
        await outcome(fetch(url.replace('/graphql', '/rooms/x/logs'))),
        await socket(),
      ];
    },
    { url: service.graphqlUrl, authorization: `Bearer ${token}` },
  );
  expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'blocked'));
  await page.close();
});
