import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceProcess } from '../support/processes/service-process.ts';
import { SECRET, tokenOf } from '../support/server/tokens.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { expectAccessible, seqsByScrolling, startIdea, visit, waitForStatus } from './support/page-visit.ts';

let browser: TestBrowser;
let service: ServiceProcess;
let home: string;

beforeAll(async () => {
  browser = await launchChromium();
  service = await startEmbeddedService();
  home = new URL('/', service.graphqlUrl).href;
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test('an idea typed into the page becomes a deployed page that is shown in a sandbox', async () => {
  const { page, problems, close } = await visit(browser.context, home);
  await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('idea');
  await expectAccessible(page);
  await startIdea(page, 'a lighthouse that remembers drowned sailors');
  expect(new URL(page.url()).pathname).toMatch(/^\/rooms\/[0-9a-f-]{36}$/);
  await waitForStatus(page, /^Done in /);

  const steps = page.getByTestId('step');
  expect(
    await steps.evaluateAll((all: HTMLElement[]) => all.map(({ dataset }) => [dataset['step'], dataset['status']])),
  ).toEqual(['STORY', 'ASSET', 'CODE', 'DEPLOY'].map((step) => [step, 'SUCCEEDED']));
  const frame = page.getByTestId('deployment');
  expect(await frame.getAttribute('sandbox')).toBe('allow-scripts');
  await frame
    .contentFrame()
    .getByRole('button', { name: /^listen/i })
    .waitFor();
  await page.getByRole('img', { name: /night scene/ }).waitFor();
  await page.getByText('+10 HHCW').waitFor();
  await expectAccessible(page);
  expect(problems).toEqual([]);
  await close();
});

test('a page that is reloaded in the middle shows the whole log, each line once', async () => {
  const { page, problems, close } = await visit(browser.context, home);
  await startIdea(page, 'a clock of rain');
  await page.getByTestId('log-line').nth(6).waitFor();
  await page.reload();
  await waitForStatus(page, /^Done in /);
  await page.getByTestId('log-line').filter({ hasText: 'Workflow finished' }).waitFor();
  const seqs = await seqsByScrolling(page);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(seqs.length).toBeGreaterThan(20);
  expect(problems).toEqual([]);
  await close();
});

test('the keyboard alone leads from the idea to the finished room, its steps and its log', async () => {
  const { page, close } = await visit(browser.context, home);
  await page.locator('[name=idea]:focus').waitFor();
  await page.keyboard.type('a door');
  await page.keyboard.press('Enter');
  await waitForStatus(page, /^Done in /);
  const focused = (): Promise<string> => page.evaluate('document.activeElement.innerText');
  await page.keyboard.press('j');
  expect(await focused()).toMatch(/^StoryAgent/);
  await page.keyboard.press('j');
  expect(await focused()).toMatch(/^AssetAgent/);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.getByText(/^\d+ of \d+ lines$/).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('/');
  await page.keyboard.type('Drawing');
  await expect.poll(() => page.getByTestId('log-line').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await close();
});

test('a room that does not exist is explained in one sentence', async () => {
  const { page, close } = await visit(browser.context, `${home}rooms/00000000-0000-7000-8000-000000000000`);
  await page.getByRole('alert').waitFor();
  await page.getByRole('link', { name: 'All rooms' }).click();
  await page.locator('[name=idea]').waitFor();
  await close();
});

test('with tokens on, the page asks for one, says what is wrong with it, and a shared link shows one room read-only', async () => {
  const secured = await startEmbeddedService({ AUTH_JWT_SECRET: SECRET });
  const url = new URL('/', secured.graphqlUrl).href;
  const { page, problems, close } = await visit(browser.context, url);
  const signIn = async (token: string) => {
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('not a token');
  await page.getByRole('alert').filter({ hasText: 'not a JWT' }).waitFor();
  await signIn(await tokenOf('ada', -60));
  await page.getByRole('alert').filter({ hasText: 'expired' }).waitFor();
  await signIn(`${(await tokenOf('ada')).slice(0, -6)}AAAAAA`);
  await page.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
  await expectAccessible(page);
  await signIn(`Bearer ${await tokenOf('ada')}`);
  await startIdea(page, 'a key');
  await waitForStatus(page, /^Done in /);

  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Copy link that is read-only' }).click();
  await page.getByRole('button', { name: 'Copy link that is read-only: Copied' }).waitFor();
  const link = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(link).toContain('#token=');
  const shared = await visit(browser.context, link);
  await waitForStatus(shared.page, /^Done in /);
  await shared.page.getByText('Shared with you, read-only').waitFor();
  expect(await shared.page.getByRole('button', { name: /retry|cancel|run again/i }).count()).toBe(0);
  expect([...problems, ...shared.problems]).toEqual([]);
  await shared.close();
  await close();
  await secured.stop();
});
