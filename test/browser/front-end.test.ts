import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GOOD_ANSWERS, type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { after, json, stream } from '../support/agents/scripted-answers.ts';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
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

test('a room’s log survives a cut connection and a reload: each line comes once and is shown once, in order', async () => {
  const [cut, reloaded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // While it cannot be heard, the log goes on.
  agents.script.code = () => stream([log('before'), cut.promise, log('unheard'), { result: GOOD_ANSWERS.code }]);
  agents.script.deploy = () => after(reloaded.promise, json(GOOD_ANSWERS.deploy));

  const page = await browser.context.newPage();
  const { received, asked } = listen(page);
  const api = `ws://127.0.0.1:${proxy.port}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await shows(page, 'CODE: before');

  proxy.cut();
  cut.resolve();
  await agents.waitForCall('deploy');
  proxy.restore();
  await shows(page, 'CODE: unheard');

  const last = await waitFor('the wait for DeployAgent', async () => {
    const lines = await logOf(page);
    return lines.at(-1)?.message.startsWith('DeployAgent') && lines.at(-1);
  });
  await shows(page, last.message);
  const before = await seqs(page);
  await page.reload();
  await waitFor('the lines from before', async () => (await seqs(page)).length >= before.length);
  await waitFor('the subscription', () => asked.at(-1)?.after === last.id);
  reloaded.resolve();
  await page.getByRole('link', { name: 'The page' }).waitFor();
  await shows(page, 'Workflow finished');

  const all = (await logOf(page)).map(({ seq }) => seq);
  expect(all).toEqual(all.map((_, index) => index + 1));
  expect(await seqs(page)).toEqual(all);
  expect(received).toEqual(all);
  await page.close();
});

test('a room that is not there is said to be not there', async () => {
  const page = await browser.context.newPage();
  const api = `ws://127.0.0.1:${proxy.port}/graphql`;
  await page.goto(`${frontEnd.url}?api=${encodeURIComponent(api)}#00000000-0000-7000-8000-000000000000`);
  await page.getByRole('alert').waitFor();
  await page.close();
});

const log = (message: string) => ({ log: { level: 'info', message } });

/** The `seq` of each line that came over any socket of the page, and what each watching of the log asked for. */
function listen(page: Page): { received: number[]; asked: { after: string | null }[] } {
  const received: number[] = [];
  const asked: { after: string | null }[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload: frame }) => {
      const { type, payload } = JSON.parse(String(frame));
      if (type === 'subscribe' && payload.query.includes('agentLogs')) asked.push(payload.variables);
    });
    socket.on('framereceived', ({ payload: frame }) => {
      const { type, payload } = JSON.parse(String(frame));
      if (type === 'next' && payload.data?.agentLogs) received.push(payload.data.agentLogs.seq);
    });
  });
  return { received, asked };
}

async function shows(page: Page, text: string): Promise<void> {
  await page.getByRole('listitem').filter({ hasText: text }).waitFor();
}

function seqs(page: Page): Promise<number[]> {
  return page.getByRole('listitem').evaluateAll((items: HTMLLIElement[]) => items.map(({ value }) => value));
}

/** What the room's log holds, the room being the one that the page shows. */
async function logOf(page: Page): Promise<{ id: string; seq: number; message: string }[]> {
  type Line = { id: string; seq: number; message: string };
  const document = 'query Log($id: ID!) { room(id: $id) { logs(first: 500) { edges { node { id seq message } } } } }';
  const id = new URL(page.url()).hash.slice(1);
  const { room } = dataOf(
    await query<{ room: { logs: { edges: { node: Line }[] } } }>(service.graphqlUrl, document, { id }),
  );
  return room.logs.edges.map(({ node }) => node);
}
