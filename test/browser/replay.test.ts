import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { hang, json } from '../support/agents/scripted-answers.ts';
import { query } from '../support/clients/graphql-clients.ts';
import { agentUrls, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { expectAccessible, startIdea, visit, waitForStatus } from './support/page-visit.ts';

let browser: TestBrowser;
let agents: ScriptedAgents;
let service: ServiceProcess;
let dataDir: string;
let home: string;

beforeAll(async () => {
  browser = await launchChromium();
  agents = await startScriptedAgents();
  // The second attempt follows after a second, so that moments can be told apart.
  agents.script.asset = (_call, nth) => (nth === 1 ? json({ error: 'no <b>paint</b>' }, { status: 503 }) : undefined);
  dataDir = await makeTemporaryFolder();
  service = await startService({ DATA_DIR: dataDir, RETRY_INITIAL_DELAY_MS: '1000', ...agentUrls(agents.urls) });
  home = new URL('/', service.graphqlUrl).href;
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(home).origin });
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await agents?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const clipboard = (page: Page): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()');
const statusOf = (page: Page, step: string) => page.locator(`[data-testid=step][data-step=${step}]`);
const current = (page: Page) => page.locator('[data-testid=log-line][data-current]');

test('a finished run is played again, stopped at a moment, and opened there by a link', async () => {
  const { page, problems, close } = await visit(browser.context, home);
  await startIdea(page, 'a lamp');
  await waitForStatus(page, /^Done in /);
  const allLines = await page.getByText(/^\d+ lines$/).innerText();

  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('Replay', { exact: true }).first().waitFor();
  await waitForStatus(page, /^Running: AssetAgent waits before attempt 2$/);
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await statusOf(page, 'STORY').getAttribute('data-status')).toBe('SUCCEEDED');
  expect(await statusOf(page, 'ASSET').getAttribute('data-status')).toBe('WAITING_TO_RETRY');
  expect(await statusOf(page, 'ASSET').innerText()).toContain('no <b>paint</b>');
  expect(await page.getByTestId('deployment').count()).toBe(0);
  expect(await page.getByText(/^\d+ lines$/).innerText()).not.toBe(allLines);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Copy link to this moment' }).click();
  await page.getByRole('button', { name: 'Copy link to this moment: Copied' }).waitFor();
  const link = await clipboard(page);
  expect(new URL(link).hash).toMatch(/^#seq=\d+$/);
  const opened = await visit(browser.context, link);
  await waitForStatus(opened.page, /^Running: AssetAgent waits before attempt 2$/);
  expect(await current(opened.page).getAttribute('data-seq')).toBe(new URL(link).hash.slice('#seq='.length));
  await opened.page.getByRole('button', { name: '▶ Play' }).click();
  await waitForStatus(opened.page, /^Done in /);
  await opened.page.getByRole('button', { name: 'Leave replay' }).click();
  expect(new URL(opened.page.url()).hash).toBe('');
  await opened.page.getByText(allLines, { exact: true }).waitFor();
  await opened.close();

  await page.getByLabel('Speed').selectOption('20×');
  await page.getByRole('button', { name: '▶ Play' }).click();
  await waitForStatus(page, /^Done in /);
  await page.getByRole('slider', { name: 'Moment' }).focus();
  await page.keyboard.press('Home');
  await expect.poll(() => statusOf(page, 'STORY').getAttribute('data-status')).toBe('PENDING');
  expect(problems).toEqual([]);
  await close();
});

test('a link to a line opens the run that the line belongs to, also when others followed', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a first idea');
  await waitForStatus(page, /^Done in /);
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByLabel('The idea').fill('a changed idea');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.getByRole('heading', { level: 1, name: 'a changed idea' }).waitFor();
  await waitForStatus(page, /^Done in /);
  const room = page.url();
  const earlier = await visit(browser.context, `${room}#seq=2`);
  await earlier.page.getByRole('heading', { level: 1, name: 'a first idea' }).waitFor();
  await current(earlier.page).filter({ hasText: 'StoryAgent: attempt 1' }).waitFor();
  await earlier.close();
  await close();
});

test('a shared link shows the runs of its room and their moments, keeps its token, and can change nothing', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'an open door');
  await waitForStatus(page, /^Done in /);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Copy link that is read-only' }).click();
  await page.getByRole('button', { name: 'Copy link that is read-only: Copied' }).waitFor();
  const link = await clipboard(page);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByTestId('retry-CODE').click();
  await expect.poll(() => page.getByLabel('Run', { exact: true }).count()).toBe(1);

  const shared = await visit(browser.context, link);
  await waitForStatus(shared.page, /^Done in /);
  await shared.page.getByLabel('Run', { exact: true }).selectOption({ index: 1 });
  await statusOf(shared.page, 'CODE').filter({ hasText: 'done in' }).waitFor();
  expect(new URL(shared.page.url()).hash).toBe(new URL(link).hash);
  expect(await shared.page.getByRole('button', { name: /retry|cancel|run again/i }).count()).toBe(0);
  await shared.page.getByRole('button', { name: 'Share' }).click();
  expect(await shared.page.getByRole('button', { name: /read-only/ }).count()).toBe(0);
  await shared.page.getByRole('button', { name: 'Copy text of the run' }).click();
  await expect.poll(() => clipboard(shared.page)).toContain('# an open door');
  expect(shared.problems).toEqual([]);
  await shared.close();
  await close();
});

test('times are shown since the start, on the local clock or in UTC, and the choice is kept', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a clock');
  await waitForStatus(page, /^Done in /);
  const firstTime = () => page.getByTestId('log-line').first().locator('time').innerText();
  expect(await firstTime()).toMatch(/^\+\d+\.\d\d s$/);
  await page.getByLabel('Times').selectOption('UTC');
  await expect.poll(firstTime).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z$/);
  await page.reload();
  await expect.poll(firstTime).toMatch(/Z$/);
  await page.getByLabel('Times').selectOption('Local time');
  await expect.poll(firstTime).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await page.getByLabel('Times').selectOption('Relative');
  await close();
});

test('a step shows exactly what its agent was sent', async () => {
  const before = agents.callsOf('code').length;
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a letter');
  await waitForStatus(page, /^Done in /);
  const result = page.getByRole('article', { name: 'Result of CodeAgent' });
  await result.getByText('What it was sent').click();
  const body = agents.callsOf('code')[before]?.body;
  if (typeof body !== 'object' || body === null) throw new Error('CodeAgent was not called');
  for (const [name, value] of Object.entries(body)) {
    await result
      .locator('li', { hasText: name })
      .filter({ hasText: String(value) })
      .waitFor();
  }
  expect(await result.locator('.json').last().locator('li').count()).toBe(Object.keys(body).length);
  await close();
});

test("a browser whose clock is wrong shows durations by the server's clock", async () => {
  const { page, close } = await visit(browser.context, 'about:blank');
  await page.clock.install({ time: Date.now() + 10 * 60_000 });
  await page.goto(home);
  agents.script.code = () => hang();
  await startIdea(page, 'a slow clock');
  await waitForStatus(page, /CodeAgent is building/);
  await statusOf(page, 'CODE')
    .filter({ hasText: /limit in 5\d s/ })
    .waitFor();
  await page.getByText(/^\d\.\d s so far$/).waitFor();
  await page.getByTestId('cancel').click();
  await waitForStatus(page, /^Cancelled$/);
  agents.script.code = () => undefined;
  await close();
});

test('a replay stays when somebody starts a new run in the room, and says that there is one', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a patient ghost');
  await waitForStatus(page, /^Done in /);
  await page.getByRole('slider', { name: 'Moment' }).focus();
  await page.keyboard.press('Home');
  await waitForStatus(page, /^Queued|^Running/);
  const roomId = new URL(page.url()).pathname.split('/').at(-1);
  const input = { roomId, userInput: 'a second idea' };
  await query(
    service.graphqlUrl,
    'mutation S($input: StartWorkflowInput!) { startWorkflow(input: $input) { replayed } }',
    {
      input,
    },
  );
  await page.getByText('This is an earlier run.').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('a patient ghost');
  expect(await page.getByRole('button', { name: 'Leave replay' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Show the latest' }).click();
  await page.getByRole('heading', { level: 1, name: 'a second idea' }).waitFor();
  await waitForStatus(page, /^Done in /);
  await close();
});

test('a link to a line that is not in the log says so', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a thin log');
  await waitForStatus(page, /^Done in /);
  for (const line of ['99999', 'abc']) {
    const other = await visit(browser.context, `${page.url()}#seq=${line}`);
    await other.page
      .getByRole('alert')
      .filter({ hasText: `Line ${line} of the link is not in the log` })
      .waitFor();
    await other.close();
  }
  await close();
});

test('the attempts of a step are reached, and their lines marked, by keyboard alone', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a piano');
  await waitForStatus(page, /^Done in /);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const marked = page.locator('[data-testid=log-line][data-marked]');
  await marked.first().waitFor();
  expect(await marked.first().innerText()).toContain('AssetAgent: attempt 1');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await page.evaluate<string>('document.activeElement.innerText')).toMatch(/^AssetAgent/);
  await close();
});

test('dialogs are accessible, in dark and in light', async () => {
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a mirror');
  await waitForStatus(page, /^Done in /);
  for (const name of ['Share', 'Run again', 'Keys and help']) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  }
  await close();
});
