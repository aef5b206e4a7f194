/**
 * Takes a picture of each state of the page, from the real service in Chromium: `npm run screenshots`. They go to
 * screenshots/, or to the folder given. With --docs only the one in README.md is taken again.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/browser/support/chromium.ts';
import { startEmbeddedService } from '../test/browser/support/embedded-service.ts';
import { startIdea, waitForStatus } from '../test/browser/support/page-visit.ts';
import { SECRET, tokenOf } from '../test/support/server/tokens.ts';

const IDEA = 'a lighthouse that remembers drowned sailors';
const VIEWS = [
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 900 },
  { name: 'light', colorScheme: 'light', width: 1280, height: 900 },
  { name: 'phone', colorScheme: 'dark', width: 390, height: 844 },
] as const;

const docsOnly = process.argv.includes('--docs');
const folder = resolve(docsOnly ? 'docs/images' : (process.argv[2] ?? 'screenshots'));
await mkdir(folder, { recursive: true });

const browser = await launchChromium();
try {
  await (docsOnly ? takeForReadme() : takeAll());
} finally {
  await browser.close();
}

async function takeForReadme(): Promise<void> {
  await withService({}, async (page, home) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(home);
    await startIdea(page, IDEA);
    await waitForStatus(page, /^Done in /);
    await settle(page);
    await page.screenshot({ path: resolve(folder, 'room.png') });
  });
}

async function takeAll(): Promise<void> {
  await withService({ ASSET_AGENT_BEHAVIOUR: 'fail=1', CODE_AGENT_BEHAVIOUR: 'delay=3000' }, async (page, home) => {
    await page.goto(home);
    await take(page, 'overview-empty');
    await startIdea(page, IDEA);
    await waitForStatus(page, /waits before attempt 2/);
    await take(page, 'room-waits-to-retry', VIEWS.slice(0, 1));
    await waitForStatus(page, /CodeAgent/);
    await take(page, 'room-running', VIEWS.slice(0, 1));
    await waitForStatus(page, /^Done in /);
    await take(page, 'room-done');
    await page.getByRole('button', { name: 'Share' }).click();
    await take(page, 'room-share');
    await page.keyboard.press('Escape');
    await page.getByRole('slider', { name: 'Moment' }).focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('PageDown');
    await take(page, 'room-replay');
    await page.goto(home);
    await startIdea(page, 'a clock of rain');
    await page.goto(home);
    await page.getByTestId('rooms').getByText('a clock of rain').waitFor();
    await take(page, 'overview');
    await page.goto(`${home}rooms/00000000-0000-7000-8000-000000000000`);
    await page.getByRole('alert').waitFor();
    await take(page, 'room-missing');
  });
  await withService(
    { CODE_AGENT_BEHAVIOUR: 'garbage', RETRY_INITIAL_DELAY_MS: '100', AUTH_JWT_SECRET: SECRET },
    async (page, home) => {
      await page.goto(home);
      await take(page, 'sign-in');
      await page.getByLabel('Token', { exact: true }).fill(await tokenOf('ada'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await startIdea(page, IDEA);
      await waitForStatus(page, /^Failed/);
      await take(page, 'room-failed');
    },
  );
}

async function withService(env: Record<string, string>, work: (page: Page, home: string) => Promise<void>) {
  const service = await startEmbeddedService(env);
  const page = await browser.context.newPage();
  try {
    await work(page, new URL('/', service.graphqlUrl).href);
  } finally {
    await page.close();
    await service.stop();
  }
}

async function take(page: Page, state: string, views: readonly (typeof VIEWS)[number][] = VIEWS): Promise<void> {
  for (const { name, colorScheme, width, height } of views) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await settle(page);
    await page.screenshot({ path: resolve(folder, `${state}-${name}.png`), fullPage: name === 'phone' });
  }
  const [first] = VIEWS;
  await page.setViewportSize(first);
  console.log(`took ${state}`);
}

/** Frames are loaded when they come into sight, and colours change gradually. */
function settle(page: Page): Promise<void> {
  return page.waitForTimeout(700);
}
