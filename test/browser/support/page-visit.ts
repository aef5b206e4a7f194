import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export type Visit = {
  page: Page;
  /** The console's errors and uncaught exceptions, and requests to other origins. */
  problems: string[];
  close(): Promise<void>;
};

/** Opens an address of the page, and records what must not happen there. */
export async function visit(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const problems: string[] = [];
  const { host } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const check = (address: string) => {
    if (!/^(data|blob|about):/.test(address) && new URL(address).host !== host) problems.push(`requested ${address}`);
  };
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => check(socket.url()));
  await page.goto(url);
  return { page, problems, close: () => page.close() };
}

/** Types an idea into the start form, as a person does. */
export async function startIdea(page: Page, idea: string): Promise<void> {
  await page.locator('[name=idea]').fill(idea);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByTestId('room-status').waitFor();
}

export const waitForStatus = (page: Page, text: RegExp, timeout = 40_000): Promise<void> =>
  page.getByTestId('room-status').filter({ hasText: text }).waitFor({ timeout });

/** The `seq` of every line of the log, by scrolling through it: only the lines in sight are in the document. */
export function seqsByScrolling(page: Page): Promise<number[]> {
  return page.getByTestId('log').evaluate(async (log) => {
    const seen = new Set<number>();
    const frames = async (count: number) => {
      for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
    };
    const collect = () => {
      for (const line of log.querySelectorAll<HTMLElement>('[data-seq]')) seen.add(Number(line.dataset['seq']));
    };
    log.dispatchEvent(new WheelEvent('wheel'));
    log.scrollTop = 0;
    await frames(4);
    for (;;) {
      collect();
      if (log.scrollTop + log.clientHeight >= log.scrollHeight - 2) break;
      log.scrollTop += log.clientHeight / 2;
      await frames(3);
    }
    return [...seen].toSorted((a, b) => a - b);
  });
}

/** Fails with what axe finds serious or critical, in dark and in light. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the browser's debugger, to which the page's policy does not apply.
  await page.evaluate(axe.source);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate<{ id: string; impact: string; nodes: string[] }[]>(`
      axe.run(document, { resultTypes: ['violations'], iframes: false }).then(({ violations }) =>
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target, failureSummary }) => target.join(' ') + ': ' + failureSummary) })))`);
    expect(found, colorScheme).toEqual([]);
  }
}
