import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../support/network/free-port.ts';
import { type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { SECRET, tokenOf } from '../support/server/tokens.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { expectAccessible, type Visit, visit, waitForStatus } from './support/page-visit.ts';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Each test has a service of its own, since the overview shows all that goes on in it. */
let service: ServiceProcess | undefined;
let visited: Visit[] = [];
beforeEach(() => {
  visited = [];
});
afterEach(async () => {
  for (const { close } of visited) await close();
  await service?.stop();
  service = undefined;
});

async function open(env: Record<string, string> = {}, path = '/'): Promise<Page> {
  service = await startEmbeddedService(env);
  return look(path);
}

async function look(path: string): Promise<Page> {
  const opened = await visit(browser.context, new URL(path, service?.graphqlUrl).href);
  visited.push(opened);
  return opened.page;
}

const problems = () => visited.flatMap((one) => one.problems);
const rows = (page: Page, text?: string | RegExp) =>
  page
    .getByTestId('rooms')
    .getByRole('listitem')
    .filter(text === undefined ? {} : { hasText: text });

/** A row's text also has the status of each step. */
const withStatus = (page: Page, status: string) => page.locator(`[data-room][data-status=${status}]`);

async function start(userInput: string, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(service?.graphqlUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      query: 'mutation ($userInput: String!) { startWorkflow(input: { userInput: $userInput }) { replayed } }',
      variables: { userInput },
    }),
  });
  expect((await response.json()) as object).not.toHaveProperty('errors');
}

test('fifty rooms that are started at once appear by themselves, older ones on request, and all end live while the page answers', async () => {
  const page = await open({ MAX_RUNNING_WORKFLOWS_PER_VIEWER: '30' });
  await page.getByText('You have no rooms yet').waitFor();
  await Promise.all(Array.from({ length: 55 }, (_, n) => start(`a lamp ${n}`)));

  await rows(page).nth(49).waitFor();
  await page
    .getByTestId('queued')
    .filter({ hasText: /oldest/ })
    .waitFor();
  expect(Number(await page.getByTestId('running').locator('dd').innerText())).toBeGreaterThan(0);
  await page.reload();
  await page.getByText('These are the newest 50 rooms.').waitFor();
  await page.getByRole('button', { name: 'Show older rooms' }).click();
  await rows(page).nth(54).waitFor();
  expect(await rows(page).count()).toBe(55);
  const longest = await page.evaluate<number>(`new Promise((resolve) => {
    let last = performance.now(), longest = 0;
    const end = last + 3000;
    requestAnimationFrame(function frame(now) {
      longest = Math.max(longest, now - last);
      last = now;
      if (now > end) resolve(longest); else requestAnimationFrame(frame);
    });
  })`);
  expect(longest).toBeLessThan(500);

  await withStatus(page, 'DONE').nth(54).waitFor({ timeout: 60_000 });
  await page
    .getByTestId('running')
    .filter({ hasText: /^Running0$/ })
    .waitFor();
  for (const name of ['StoryAgent', 'AssetAgent', 'CodeAgent', 'DeployAgent']) {
    await page
      .getByTestId('agents')
      .getByRole('listitem')
      .filter({ hasText: `${name}Up` })
      .waitFor();
  }
  expect(problems()).toEqual([]);
}, 120_000);

test('an agent that fails is named above the rooms, and its room says in the list what happened', async () => {
  const page = await open({
    CODE_AGENT_BEHAVIOUR: 'garbage',
    RETRY_MAX_ATTEMPTS: '1',
    DEPLOY_AGENT_URL: 'http://127.0.0.1:9',
  });
  const agents = page.getByTestId('agents').getByRole('listitem');
  await page.getByText('DeployAgent is down').waitFor();
  await agents.filter({ hasText: /DeployAgent\s*Down.*First failed check: just now/ }).waitFor();
  await start('a bell');
  await withStatus(page, 'ERROR')
    .filter({ hasText: /CodeAgent failed after 1 attempt: .+; DeployAgent failed after 1 attempt/ })
    .waitFor({ timeout: 30_000 });
  await agents.filter({ hasText: /CodeAgent\s*Failed lately\s*1 attempt failed in 10 min/ }).waitFor();
  expect(await rows(page).getByText('CodeAgent failed.').count()).toBe(1);
  await expectAccessible(page);
  expect(problems()).toEqual([]);
});

test('the filter by status and text is kept in the address, and hostile text in a title stays text', async () => {
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script> &amp; {{7*7}} \u202E';
  const page = await open({ ASSET_AGENT_BEHAVIOUR: 'fail=1', RETRY_MAX_ATTEMPTS: '1' });
  await start(hostile);
  await withStatus(page, 'ERROR').waitFor({ timeout: 30_000 });
  await rows(page, '<img src=x onerror="document.title=1"><script>').waitFor();
  expect(await page.title()).toBe('HauntedAI');
  expect(await page.locator('img, main script').count()).toBe(0);

  await page.getByRole('navigation').getByRole('link', { name: 'Failed' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('ONERROR');
  await page.getByText('1 found.').waitFor();
  await page.reload();
  expect(new URL(page.url()).search).toBe('?status=ERROR&q=ONERROR');
  await rows(page, 'onerror').waitFor();
  await page.getByRole('searchbox').fill('no such room');
  await page.getByText('None found.').waitFor();
  await page.getByRole('searchbox').press('Escape');
  await rows(page, 'onerror').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Done' }).click();
  await page.getByText('No room has this status.').waitFor();
  await expectAccessible(page);
  expect(problems()).toEqual([]);
});

test('one click starts the first room, and the keys lead through the list into a room and back to its row', async () => {
  const page = await open();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Try/ }).click();
  await page.getByTestId('room-status').waitFor();
  await start('a door');
  await page.goBack();
  await rows(page).nth(1).waitFor();
  await page.locator('h1').click();
  const focused = () => page.evaluate<string>('document.activeElement.innerText');
  await page.locator('[name=idea]').blur();
  await page.keyboard.press('j');
  expect(await focused()).toContain('a door');
  await page.keyboard.press('j');
  expect(await focused()).toContain('a lighthouse');
  await page.keyboard.press('k');
  expect(await page.locator('.rooms a[tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'a door' }).waitFor();
  await waitForStatus(page, /^Done in /);
  await page.goBack();
  await page.locator('.rooms a:focus').filter({ hasText: 'a door' }).waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toContain('a lighthouse');
  expect(problems()).toEqual([]);
});

test('a start that is refused keeps the idea and says when to try again', async () => {
  const page = await open({ AUTH_JWT_SECRET: SECRET, RATE_LIMIT_STARTS_PER_MINUTE: '1' });
  const token = await tokenOf('ada');
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const idea = page.locator('[name=idea]');
  await idea.waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Type an idea first' }).waitFor();
  await start('a key', { authorization: `Bearer ${token}` });
  await idea.fill('a second key');
  await idea.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'You started many rooms in a short time' }).waitFor();
  await page.getByText(/Your idea is kept\. You can start it in \d+ s\./).waitFor();
  expect(await idea.inputValue()).toBe('a second key');
  await expectAccessible(page);
  await rows(page, 'a key').waitFor();
  expect(await rows(page).count()).toBe(1);
  expect(problems()).toEqual([]);
});

test('while the server is gone, the list says since when it is out of date, and it continues by itself', async () => {
  const dataDir = await makeTemporaryFolder();
  const env = { DATA_DIR: dataDir, PORT: String(await freePort()) };
  service = await startService(env);
  const page = await look('/');
  await start('a candle');
  await withStatus(page, 'DONE').waitFor({ timeout: 30_000 });
  await service.stop('SIGKILL');
  await page.getByText(/Offline since \d.*\. What you see is as it was then\./).waitFor();
  expect(await rows(page, 'a candle').count()).toBe(1);
  const idea = page.locator('[name=idea]');
  await idea.fill('a match');
  await idea.press('Enter');
  await page.getByText('There is no connection. The room starts as soon as it is back.').waitFor();

  service = await startService(env);
  await page.getByRole('heading', { name: 'a match' }).waitFor();
  await page.goBack();
  await rows(page, 'a match').waitFor();
  expect(await rows(page).count()).toBe(2);
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
});
