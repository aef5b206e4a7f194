import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import type { ServiceProcess } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';

let browser: TestBrowser;
let service: ServiceProcess;

beforeAll(async () => {
  browser = await launchChromium();
  service = await startEmbeddedService();
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test('GraphiQL runs operations that are typed and streams a subscription over WebSocket, using only localhost', async () => {
  const page = await browser.context.newPage();
  const streamed: { seq: number; message: string }[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const { type, payload: result } = JSON.parse(String(payload));
      if (type === 'next') streamed.push(result.data.agentLogs);
    }),
  );
  await page.goto(service.graphqlUrl);

  await run(page, 'NewRoom', 'mutation NewRoom { createRoom { id } }');
  const roomId = await waitFor('the new room', async () => /"id": "([^"]+)"/.exec(await displayedResponse(page))?.[1]);

  await run(page, 'Lines', `subscription Lines { agentLogs(roomId: "${roomId}") { seq message } }`);
  await startWorkflow(roomId);
  const last = await waitFor('the workflow to end', async () => {
    const lines = await logOnceDone(roomId);
    return lines !== null && streamed.length === lines.length && lines.at(-1);
  });
  expect(streamed.map(({ seq }) => seq)).toEqual(streamed.map((_, index) => index + 1));
  await waitFor('the last line in the page', async () => (await displayedResponse(page)).includes(last.message));
  await page.close();
});

test('pressing play on a first visit starts a workflow', async () => {
  const visitor = await launchChromium();
  const page = await visitor.context.newPage();
  await page.goto(service.graphqlUrl);
  await page.locator('.graphiql-execute-button').click();
  await waitFor('the running workflow in the response', async () =>
    /"status": "RUNNING"/.test(await displayedResponse(page)),
  );
  await visitor.close();
});

test('a deployed page shows its picture, reveals its story click by click, and requests nothing else', async () => {
  const page = await browser.context.newPage();
  const consoleMessages: string[] = [];
  page.on('console', (message) => consoleMessages.push(message.text()));
  page.on('pageerror', (error) => consoleMessages.push(error.message));
  const before = browser.requested.length;
  await page.goto(await deploymentUrl());

  const picture = await page
    .locator('.scene img')
    .evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0);
  expect(picture, 'the picture is drawn').toBe(true);
  const listen = page.getByRole('button', { name: /^listen/i });
  while (await listen.isVisible()) await listen.click();
  const story = await page.locator('#story').innerText();
  expect(story.split(/\s+/).length).toBeGreaterThanOrEqual(150);

  expect(consoleMessages).toEqual([]);
  const requested = browser.requested.slice(before).filter((url) => !url.startsWith('data:'));
  expect(requested).toEqual([page.url()]);
  await page.close();
});

test('no page in this file requested anything outside localhost', () => {
  const hosts = browser.requested.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).host);
  expect(new Set(hosts)).toEqual(new Set([new URL(service.graphqlUrl).host]));
});

/** Replaces the text in the editor by the operation of that name, and presses play. */
async function run(page: Page, name: string, operation: string): Promise<void> {
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(operation);
  // GraphiQL reads the editor after a delay. Until then, play runs the previous operation.
  await page.locator('.graphiql-tab-button', { hasText: name }).waitFor();
  await page.locator('.graphiql-execute-button').click();
}

/** The response that GraphiQL displays. */
async function displayedResponse(page: Page): Promise<string> {
  const text = await page.locator('.graphiql-response .view-lines').innerText();
  return text.replaceAll('\u00a0', ' ');
}

async function startWorkflow(roomId: string): Promise<void> {
  const document = 'mutation Start($input: StartWorkflowInput!) { startWorkflow(input: $input) { replayed } }';
  const input = { roomId, userInput: 'a harbour in the fog' };
  dataOf(await query(service.graphqlUrl, document, { input }));
}

/** The deployment URL of the room that is done. */
async function deploymentUrl(): Promise<string> {
  type Answer = {
    viewer: { rooms: { edges: { node: { latestWorkflow: { deployment: { deploymentUrl: string } } } }[] } };
  };
  const document =
    '{ viewer { rooms(status: DONE) { edges { node { latestWorkflow { deployment { deploymentUrl } } } } } } }';
  const { viewer } = dataOf(await query<Answer>(service.graphqlUrl, document));
  const [room] = viewer.rooms.edges;
  if (room === undefined) throw new Error('no room is done');
  return room.node.latestWorkflow.deployment.deploymentUrl;
}

/** The room's log once its workflow has succeeded, null before. */
async function logOnceDone(roomId: string): Promise<{ message: string }[] | null> {
  type Answer = { room: { status: string; logs: { edges: { node: { message: string } }[] } } };
  const document = 'query Log($id: ID!) { room(id: $id) { status logs { edges { node { message } } } } }';
  const { room } = dataOf(await query<Answer>(service.graphqlUrl, document, { id: roomId }));
  return room.status === 'DONE' ? room.logs.edges.map(({ node }) => node) : null;
}
