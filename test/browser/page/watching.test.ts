import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GOOD_ANSWERS, type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { after, json, stream } from '../../support/agents/scripted-answers.ts';
import { ndjsonFrom } from '../../support/clients/room-log-clients.ts';
import { freePort } from '../../support/network/free-port.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { launchChromium, type TestBrowser } from '../support/chromium.ts';
import { startEmbeddedService } from '../support/embedded-service.ts';
import { openPage, readLog, startIdea, waitForStatus } from '../support/watched-page.ts';

let agents: ScriptedAgents;
let browser: TestBrowser;
let dataDir: string;
let service: ServiceProcess;
let env: Record<string, string>;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  agents = await startScriptedAgents();
  dataDir = await makeTemporaryFolder();
  env = { DATA_DIR: dataDir, PORT: String(await freePort()), ...agentUrls(agents.urls) };
  service = await startService(env);
  origin = new URL(service.graphqlUrl).origin;
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await agents?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('an idea that is typed and started leads to its published page, with requests to the service only', async () => {
  const own = await startEmbeddedService();
  const visitor = await launchChromium();
  const { page, problems } = await openPage(visitor, new URL(own.graphqlUrl).origin);
  await waitFor('the idea field to have the focus', () =>
    page.locator('[name=idea]').evaluate((field) => field === document.activeElement),
  );
  await startIdea(page, 'a clock of rain');
  await waitForStatus(page, 'SUCCEEDED');
  await page
    .frameLocator('[data-testid=deployment]')
    .getByRole('button', { name: /listen/i })
    .waitFor();
  expect(await page.getByTestId('deployment').getAttribute('sandbox')).toBe('allow-scripts');
  expect(
    await page
      .getByTestId('step')
      .evaluateAll((steps: HTMLElement[]) => steps.map(({ dataset }) => `${dataset['step']} ${dataset['status']}`)),
  ).toEqual(['STORY SUCCEEDED', 'ASSET SUCCEEDED', 'CODE SUCCEEDED', 'DEPLOY SUCCEEDED']);
  expect(await page.locator('.story').innerText()).not.toBe('');
  expect(await page.locator('img.picture').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(
    0,
  );

  await page.getByRole('link', { name: 'All rooms' }).click();
  await page.getByTestId('rooms').getByText('a clock of rain').waitFor();
  const hosts = visitor.requested.filter((url) => !/^(data|blob):/.test(url)).map((url) => new URL(url).host);
  expect(new Set(hosts)).toEqual(new Set([new URL(own.graphqlUrl).host]));
  expect(problems).toEqual([]);
  await visitor.close();
  await own.stop();
});

test('a room that is reloaded in the middle is whole again, and goes on', async () => {
  const gate = Promise.withResolvers<void>();
  agents.script.asset = () => stream([log('before'), gate.promise, log('after'), { result: GOOD_ANSWERS.asset }]);
  const { page, problems } = await openPage(browser, origin);
  const roomId = await startIdea(page, 'a lamp that is read twice');
  await shows(page, 'before');
  await page.reload();
  await shows(page, 'before');
  await waitForConnection(page, 'live');
  gate.resolve();
  await waitForStatus(page, 'SUCCEEDED');
  await expectWholeLog(page, roomId);
  expect(problems).toEqual([]);
  await page.close();
});

test('while the service is restarted the page says that it is offline, and afterwards no line is missing or shown twice', async () => {
  const gate = Promise.withResolvers<void>();
  agents.reset();
  agents.script.code = (_call, nth) =>
    nth === 1
      ? stream([log('written before'), gate.promise])
      : stream([log('written after'), { result: GOOD_ANSWERS.code }]);
  const { page } = await openPage(browser, origin);
  const roomId = await startIdea(page, 'a house that wakes up again');
  await shows(page, 'written before');

  await service.stop('SIGKILL');
  await waitForConnection(page, 'offline');
  gate.resolve();
  service = await startService(env);
  await waitForConnection(page, 'live');
  await shows(page, 'written after');
  await waitForStatus(page, 'SUCCEEDED');
  await expectWholeLog(page, roomId);
  await page.close();
});

test('a log that is scrolled up stays where it is and counts the new lines, and f follows again', async () => {
  const gate = Promise.withResolvers<void>();
  agents.reset();
  const many = Array.from({ length: 300 }, (_, index) => log(`line ${index}`));
  agents.script.story = () => stream([...many, gate.promise, log('a new one'), { result: GOOD_ANSWERS.story }]);
  agents.script.deploy = () => after(gate.promise, json(GOOD_ANSWERS.deploy));
  const { page } = await openPage(browser, origin);
  await startIdea(page, 'a long log');
  await shows(page, 'line 299');
  expect(await page.getByTestId('log-line').count(), 'only rows in sight are in the document').toBeLessThan(100);

  await page.getByTestId('log').hover();
  await page.mouse.wheel(0, -3_000);
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  gate.resolve();
  await page.getByRole('button', { name: /^\d+ new$/ }).waitFor();
  await page.keyboard.press('f');
  await shows(page, 'Workflow finished');
  await page.close();
});

const log = (message: string) => ({ log: { level: 'info', message } });

const shows = (page: Page, message: string) =>
  page.getByTestId('log-line').filter({ hasText: message }).first().waitFor({ timeout: 40_000 });

const waitForConnection = (page: Page, state: string) =>
  page.locator(`[data-testid=connection][data-state=${state}]`).waitFor({ timeout: 40_000 });

async function expectWholeLog(page: Page, roomId: string): Promise<void> {
  await shows(page, 'Workflow finished');
  const stored = await ndjsonFrom(`${origin}/rooms/${roomId}/logs.ndjson`);
  const shown = await readLog(page);
  expect(shown.map(({ message }) => message)).toEqual(stored.map(({ message }) => message));
  expect(shown.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
}
