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
let elsewhere: Server;

beforeAll(async () => {
  browser = await launchChromium();
  service = await startEmbeddedService({ AUTH_JWT_SECRET: SECRET });
  elsewhere = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  elsewhere?.close();
});

test('GraphiQL’s subscriptions work with the token of its headers editor', async () => {
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
  // GraphiQL reads what is typed a moment later.
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
  // It shows the latest.
  const shown = async () =>
    (await page.locator('.graphiql-response .view-lines').innerText()).replaceAll('\u00a0', ' ');
  await waitFor('the last line in the page', async () => (await shown()).includes('Workflow finished'));
  await page.close();
});

test('a page from elsewhere can neither read the API, nor open a WebSocket, not even with a token', async () => {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  const token = await tokenOf('ada');
  const tried = await page.evaluate(
    async ({ url, authorization }) => {
      const outcome = (work: Promise<Response>) =>
        work.then(
          (res) => `read ${res.status}`,
          () => 'kept out',
        );
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      const json = { 'content-type': 'application/json', authorization };
      const socket = () =>
        new Promise<string>((resolve) => {
          const opened = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('kept out');
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
  expect(tried).toEqual(Array.from({ length: 5 }, () => 'kept out'));
  await page.close();
});
