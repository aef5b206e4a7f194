import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { freePort } from '../support/network/free-port.ts';
import { agentUrls, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { expectAccessible, startIdea, visit, waitForStatus } from './support/page-visit.ts';

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
  const dataDir = await makeTemporaryFolder();
  env = { PORT: String(port), DATA_DIR: dataDir, RETRY_INITIAL_DELAY_MS: '100', ...agentUrls(agents.urls) };
  service = await startService(env);
});

afterEach(() => agents.reset());

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await agents?.close();
  await rm(env['DATA_DIR'] ?? '', { recursive: true, force: true });
});

const piece = (text: string) => ({ partial: { text, channel: 'story' } });
const output = (page: Page) => page.getByTestId('output').locator('.written');
const hasText = (page: Page, text: string) =>
  expect.poll(() => output(page).textContent(), { timeout: 20_000 }).toBe(text);

test('the text of a step grows on the page, begins anew with the next attempt, and the result takes its place', async () => {
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const at = (index: number) => gates[index]?.promise;
  const open = (index: number) => gates[index]?.resolve();
  agents.script.story = (_call, nth) =>
    nth === 1
      ? stream([piece('<b>Once</b>'), at(0), piece(' upon a 😀'), at(1), { error: 'no ink' }])
      : stream([
          piece('A new\n\nbeginning'),
          at(2),
          piece(', whole'),
          at(3),
          { result: { story: 'The whole story.' } },
        ]);
  const { page, problems, close } = await visit(browser.context, home);
  await startIdea(page, 'a storm');
  await hasText(page, '<b>Once</b>');
  await page.getByText('StoryAgent is writing the story').first().waitFor();
  await expectAccessible(page);
  open(0);
  await hasText(page, '<b>Once</b> upon a 😀');
  await page.reload();
  await hasText(page, '<b>Once</b> upon a 😀');
  open(1);
  await hasText(page, 'A new\n\nbeginning');
  open(2);
  await hasText(page, 'A new\n\nbeginning, whole');
  open(3);
  await waitForStatus(page, /^Done in /);
  await page.getByText('The whole story.').waitFor();
  await expect.poll(() => page.getByTestId('output').count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('a reader who has scrolled up stays there while the text grows, and follows it again at its end', async () => {
  const gates = Array.from({ length: 2 }, () => Promise.withResolvers<void>());
  const lines = (first: number) => Array.from({ length: 60 }, (_, index) => `line ${first + index}\n`).join('');
  agents.script.story = () =>
    stream([
      piece(lines(0)),
      gates[0]?.promise,
      piece(lines(60)),
      gates[1]?.promise,
      piece(lines(120)),
      new Promise(() => {}),
    ]);
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a long storm');
  const text = output(page);
  await text.waitFor();
  const toEnd = (): Promise<number> =>
    text.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  expect(await toEnd()).toBeLessThan(2);
  await text.evaluate((element) => element.scrollTo(0, 100));
  await expect.poll(() => text.evaluate((element) => element.scrollTop)).toBe(100);
  gates[0]?.resolve();
  await expect.poll(() => text.textContent()).toContain('line 119');
  expect(await text.evaluate((element) => element.scrollTop)).toBe(100);
  await text.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect.poll(toEnd).toBeLessThan(2);
  gates[1]?.resolve();
  await expect.poll(() => text.textContent()).toContain('line 179');
  expect(await toEnd()).toBeLessThan(2);
  await page.getByRole('button', { name: 'Cancel' }).first().click();
  await close();
});

test('text continues where it was after the server was killed: the call is repeated, and its text begins anew', async () => {
  const gate = Promise.withResolvers<void>();
  agents.script.story = (_call, nth) =>
    nth === 1
      ? stream([piece('The text of a worker that dies'), new Promise(() => {})])
      : stream([piece('Anew'), gate.promise, { result: { story: 'The whole story.' } }]);
  const { page, close } = await visit(browser.context, home);
  await startIdea(page, 'a crash');
  await hasText(page, 'The text of a worker that dies');
  await service.stop('SIGKILL');
  service = await startService(env);
  await hasText(page, 'Anew');
  gate.resolve();
  await waitForStatus(page, /^Done in /);
  await close();
});
