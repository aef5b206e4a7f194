import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GOOD_ANSWERS, type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { after, json, stream } from '../support/agents/scripted-answers.ts';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { freePort } from '../support/network/free-port.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { agentUrls, type ServiceProcess } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { type FrontEnd, startFrontEnd } from './support/front-end.ts';

let agents: ScriptedAgents;
let browser: TestBrowser;
let frontEnd: FrontEnd;
let proxy: TcpProxy;
let service: ServiceProcess;

beforeAll(async () => {
  browser = await launchChromium();
  frontEnd = await startFrontEnd();
  agents = await startScriptedAgents();
  service = await startEmbeddedService(agentUrls(agents.urls));
  proxy = await startTcpProxy(Number(new URL(service.graphqlUrl).port));
});

afterAll(async () => {
  await browser?.close();
  await frontEnd?.close();
  await proxy?.close();
  await service?.stop();
  await agents?.close();
});

test('the example front end receives and shows each line of a log once, in order, across a lost connection and a reload', async () => {
  const [disconnected, reloaded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // The log grows while the page is disconnected.
  agents.script.code = () =>
    stream([log('before'), disconnected.promise, log('missed'), { result: GOOD_ANSWERS.code }]);
  agents.script.deploy = () => after(reloaded.promise, json(GOOD_ANSWERS.deploy));

  const page = await browser.context.newPage();
  const { received, subscriptions } = recordSockets(page);
  const api = `ws://127.0.0.1:${proxy.port}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await waitForItem(page, 'CODE: before');

  proxy.cut();
  disconnected.resolve();
  await agents.waitForCall('deploy');
  proxy.restore();
  await waitForItem(page, 'CODE: missed');

  const last = await waitFor('the call to DeployAgent', async () => {
    const lines = await logOf(page);
    return lines.at(-1)?.message.startsWith('DeployAgent') && lines.at(-1);
  });
  await waitForItem(page, last.message);
  const before = await seqs(page);
  await page.reload();
  await waitFor('the lines shown before the reload', async () => (await seqs(page)).length >= before.length);
  await waitFor('a subscription after the last line', () => subscriptions.at(-1)?.after === last.id);
  reloaded.resolve();
  await page.getByRole('link', { name: 'The page' }).waitFor();
  await waitForItem(page, 'Workflow finished');

  const all = (await logOf(page)).map(({ seq }) => seq);
  expect(all).toEqual(all.map((_, index) => index + 1));
  expect(await seqs(page)).toEqual(all);
  expect(received).toEqual(all);
  await page.close();
});

test('the example front end shows an alert for a room that does not exist', async () => {
  const page = await browser.context.newPage();
  const api = `ws://127.0.0.1:${proxy.port}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}#00000000-0000-7000-8000-000000000000`);
  await page.getByRole('alert').waitFor();
  await page.close();
});

test('the example front end reports a server that cannot be reached', async () => {
  const page = await browser.context.newPage();
  const api = `ws://127.0.0.1:${await freePort()}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: `No connection to ${api}` })
    .waitFor();
  await page.close();
});

test('the example front end shows the status of a room in words, and the way to start another', async () => {
  const page = await browser.context.newPage();
  const api = `ws://127.0.0.1:${proxy.port}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('button', { name: 'Start another room' }).click();
  await page.getByRole('textbox', { name: 'An idea' }).waitFor();
  await page.close();
});

const log = (message: string) => ({ log: { level: 'info', message } });

/** Records the `seq` of each line that the page's sockets receive, and the variables of each subscription to the log. */
function recordSockets(page: Page): { received: number[]; subscriptions: { after: string | null }[] } {
  const received: number[] = [];
  const subscriptions: { after: string | null }[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload: frame }) => {
      const { type, payload } = JSON.parse(String(frame));
      if (type === 'subscribe' && payload.query.includes('agentLogs')) subscriptions.push(payload.variables);
    });
    socket.on('framereceived', ({ payload: frame }) => {
      const { type, payload } = JSON.parse(String(frame));
      if (type === 'next' && payload.data?.agentLogs) received.push(payload.data.agentLogs.seq);
    });
  });
  return { received, subscriptions };
}

async function waitForItem(page: Page, text: string): Promise<void> {
  await page.getByRole('listitem').filter({ hasText: text }).waitFor();
}

function seqs(page: Page): Promise<number[]> {
  return page.getByRole('listitem').evaluateAll((items: HTMLLIElement[]) => items.map(({ value }) => value));
}

/** The log of the room that the page shows. */
async function logOf(page: Page): Promise<{ id: string; seq: number; message: string }[]> {
  type Line = { id: string; seq: number; message: string };
  const document = 'query Log($id: ID!) { room(id: $id) { logs(first: 500) { edges { node { id seq message } } } } }';
  const id = new URL(page.url()).hash.slice(1);
  const { room } = dataOf(
    await query<{ room: { logs: { edges: { node: Line }[] } } }>(service.graphqlUrl, document, { id }),
  );
  return room.logs.edges.map(({ node }) => node);
}
