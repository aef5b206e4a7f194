import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { after, hang, json, stream } from '../support/agents/scripted-answers.ts';
import { freePort } from '../support/network/free-port.ts';
import { agentUrls, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { expectAccessible, seqsByScrolling, startIdea, visit, waitForStatus } from './support/page-visit.ts';

let browser: TestBrowser;
let agents: ScriptedAgents;
let service: ServiceProcess;
let env: Record<string, string>;
let home: string;

beforeAll(async () => {
  browser = await launchChromium();
  agents = await startScriptedAgents();
  const port = await freePort();
  home = `http://127.0.0.1:${port}/`;
  env = {
    PORT: String(port),
    DATA_DIR: await makeTemporaryFolder(),
    RETRY_INITIAL_DELAY_MS: '100',
    ...agentUrls(agents.urls),
  };
  service = await startService(env);
});

afterEach(() => agents.reset());

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await agents?.close();
  await rm(env['DATA_DIR'] ?? '', { recursive: true, force: true });
});

const log = (message: string, level = 'info') => ({ log: { level, message } });

test('a page whose server is killed says that it is offline, and is whole again after the restart', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  agents.script.asset = (_call, nth) => {
    const begin = Array.from({ length: 30 }, (_, index) => log(`before ${index}`));
    return nth === 1 ? stream([...begin, new Promise(() => {})]) : after(released, json({ imageCid: 'image-cid' }));
  };
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a storm');
  await page.getByTestId('log-line').filter({ hasText: 'before 29' }).waitFor();
  await service.stop('SIGKILL');
  await page
    .getByTestId('connection')
    .filter({ hasText: /^Offline since/ })
    .waitFor();
  service = await startService(env);
  await page
    .getByTestId('connection')
    .filter({ hasText: /^Live$/ })
    .waitFor();
  release();
  await waitForStatus(page, /^Done in /);
  await page.getByTestId('log-line').filter({ hasText: 'Workflow finished' }).waitFor();
  const seqs = await seqsByScrolling(page);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(seqs.length).toBeGreaterThan(40);
  await close();
});

test('a failure is explained, its detail folded away, and a retry from that step finishes the room', async () => {
  agents.script.code = () => json({ error: 'no disk <b>left</b>' }, { status: 507 });
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a broken lamp');
  await waitForStatus(page, /^Failed: CodeAgent/);
  await page.getByText('CodeAgent answered with an error (HTTP 507), 3 times in a row.').waitFor();
  await page.getByText('Detail', { exact: true }).first().click();
  await expectAccessible(page);
  await page.keyboard.press('e');
  expect(await page.locator('[data-testid=log-line][data-current]').getAttribute('data-level')).toMatch(/WARN|ERROR/);

  agents.reset();
  await page.getByTestId('retry-CODE').click();
  await waitForStatus(page, /^Done in /);
  const [story] = await page.getByTestId('step').all();
  expect(await story?.innerText()).toContain('result kept from the earlier run');
  await page.getByLabel('Run', { exact: true }).selectOption({ index: 1 });
  await waitForStatus(page, /^Failed/);
  await close();
});

test('a run shows what its models cost, and another can be asked for in another language', async () => {
  const usage = { model: 'a-model', inputTokens: 1_200, outputTokens: 300, images: 0, costUsd: 0.02 };
  agents.script.story = (_call, nth) =>
    stream([{ usage }, nth === 1 ? { error: 'the model is busy' } : { result: { story: 'A lamp.' } }]);
  const { page, problems, close } = await visit(browser.context, home);
  await page.getByLabel('Language').selectOption('de');
  await startIdea(page, 'a lamp');
  await waitForStatus(page, /^Done in /);
  const cost = page.getByText('$0.040 · 2,400 tokens in, 600 out');
  await cost.waitFor();
  expect(await cost.getAttribute('title')).toBe('Models: a-model. Of this, failed attempts cost $0.020.');
  expect(agents.callsOf('story').map(({ body }) => (body as { language?: string }).language)).toEqual(['de', 'de']);

  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('dialog').getByLabel('Language').selectOption('fr');
  await page.getByRole('button', { name: 'Start the run' }).click();
  const again = await agents.waitForCall('story', 3);
  expect(again.body).toMatchObject({ input: 'a lamp', language: 'fr', variation: 1 });
  await waitForStatus(page, /^Done in /);
  expect(problems).toEqual([]);
  await close();
});

test('a room that runs can be cancelled', async () => {
  agents.script.asset = () => hang();
  const { page, problems, close } = await visit(browser.context, home);
  await startIdea(page, 'a long night');
  await waitForStatus(page, /AssetAgent/);
  await page.getByTestId('cancel').click();
  await waitForStatus(page, /^Cancelled$/);
  expect(await page.getByTestId('cancel').count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('without a connection a request to cancel fails at once, and is not carried out later', async () => {
  agents.script.asset = () => hang();
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a silent house');
  await waitForStatus(page, /AssetAgent/);
  await service.stop('SIGKILL');
  await page
    .getByTestId('connection')
    .filter({ hasText: /^Offline since/ })
    .waitFor();
  await page.getByTestId('cancel').click();
  await page.getByRole('alert').filter({ hasText: 'There is no connection to the server' }).waitFor();
  service = await startService(env);
  await page
    .getByTestId('connection')
    .filter({ hasText: /^Live$/ })
    .waitFor();
  await page.getByTestId('log-line').filter({ hasText: 'the worker process died' }).waitFor();
  await waitForStatus(page, /AssetAgent/);
  await page.getByTestId('cancel').click();
  await waitForStatus(page, /^Cancelled$/);
  await close();
});

test('a result with much JSON opens branch by branch and does not slow the page down', async () => {
  const tree = Array.from({ length: 100 }, () => Array.from({ length: 100 }, (_, n) => ({ n })));
  agents.script.story = () => json({ story: `${'A long night. '.repeat(2_000)}The end.`, metadata: { tree } });
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a tree');
  await waitForStatus(page, /^Done in /);
  const result = page.getByRole('article', { name: 'Result of StoryAgent' });
  await result.getByText('Details').click();
  await result.getByText('tree').click();
  await result.getByText('99', { exact: true }).waitFor();
  expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(3_000);
  expect(await result.locator('.story').innerText()).not.toContain('The end.');
  await result.getByRole('button', { name: 'Show all 28,008 characters' }).click();
  expect(await result.locator('.story').innerText()).toContain('The end.');
  await close();
});

test('hostile text in the idea, the story, the log and the error stays text', async () => {
  const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script> javascript:alert(1)';
  agents.script.story = () => stream([log(hostile), { result: { story: hostile } }]);
  agents.script.asset = () => json({ imageCid: 'x', imageUrl: 'javascript:alert(1)' });
  agents.script.deploy = () => json({ success: false, error: hostile });
  const { page, problems, close } = await visit(browser.context, home);
  await startIdea(page, hostile);
  await waitForStatus(page, /^Failed/);
  await page.getByText('Detail', { exact: true }).first().click();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(hostile);
  await page.getByTestId('log-line').filter({ hasText: 'onerror' }).first().waitFor();
  expect(await page.locator('.story').innerText()).toContain(hostile);
  const injected = 'document.querySelectorAll("body img[src=x], body script, a[href^=javascript]").length';
  expect(await page.evaluate(injected)).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('a log of 10,000 lines scrolls smoothly with few elements and bounded memory, pauses, and counts what is new', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => log(`line ${from + index}`));
  agents.script.story = () =>
    stream([...lines(0, 9_900), released, ...lines(9_900, 10_000), { result: { story: 'A story.' } }]);
  const { page, problems, close } = await visit(browser.context, home);
  const emptyHeap = await heapAfterGarbageCollection(page);
  await startIdea(page, 'many words');
  await page.getByTestId('log-line').filter({ hasText: 'line 9899' }).waitFor();
  await page.getByTestId('log').hover();
  await page.mouse.wheel(0, -4_000);
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  release();
  await page.getByRole('button', { name: /^\d+ new$/ }).click();
  await page.getByTestId('log-line').filter({ hasText: 'Workflow finished' }).waitFor();

  const frames: number[] = [];
  // Something else may use the processor for a second or two.
  while (Math.max(0, ...frames) < 30 && frames.length < 5) frames.push(await framesPerSecondOfScrolling(page));
  expect(Math.max(...frames)).toBeGreaterThanOrEqual(30);
  expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(1_500);
  expect((await heapAfterGarbageCollection(page)) - emptyHeap).toBeLessThan(15_000_000);
  expect(problems).toEqual([]);
  await close();
});

/** Scrolls as fast as a long flick of the finger, for a second. */
function framesPerSecondOfScrolling(page: Page): Promise<number> {
  return page.getByTestId('log').evaluate(async (box) => {
    let frames = 0;
    const end = performance.now() + 1_000;
    while (performance.now() < end) {
      box.scrollTop = (frames * 400) % box.scrollHeight;
      await new Promise(requestAnimationFrame);
      frames += 1;
    }
    return frames;
  });
}

/** In bytes. */
async function heapAfterGarbageCollection(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
