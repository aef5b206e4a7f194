import type { Page } from 'playwright-core';
import { waitFor } from '../../support/wait-for.ts';
import type { TestBrowser } from './chromium.ts';

export type WatchedPage = {
  page: Page;
  /** What the browser's console has shown as a warning or an error, and exceptions. */
  problems: string[];
};

/** Opens a tab that records what goes wrong in it. */
export async function openPage({ context }: TestBrowser, url: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url);
  return { page, problems };
}

/** Types an idea and starts it. @returns the room's id */
export async function startIdea(page: Page, idea: string): Promise<string> {
  await page.locator('[name=idea]').fill(idea);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL('**/rooms/*');
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Waits until the workflow shown has this status. */
export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page.locator(`[data-testid=room-status][data-status=${status}]`).waitFor({ timeout: 40_000 });
}

/** Scrolls through the whole log. @returns each line's seq and message, in the order shown */
export async function readLog(page: Page): Promise<{ seq: number; message: string }[]> {
  const log = page.getByTestId('log');
  const seen = new Map<number, string>();
  await log.evaluate((element) => element.scrollTo(0, 0));
  await waitFor('the end of the log', async () => {
    const rows = await page.getByTestId('log-line').evaluateAll((lines: HTMLElement[]) =>
      lines.map((line) => ({
        seq: Number(line.dataset['seq']),
        message: line.querySelector('.message')?.textContent ?? '',
      })),
    );
    for (const { seq, message } of rows) seen.set(seq, message);
    return log.evaluate((element) => {
      const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
      element.scrollBy(0, element.clientHeight / 2);
      return isAtEnd;
    });
  });
  return [...seen].map(([seq, message]) => ({ seq, message }));
}
