import type { Page } from 'playwright-core';
import { waitFor } from '../../support/wait-for.ts';

/** GraphiQL as a person uses it. */
export const graphiql = (page: Page) => ({
  tab: (name: string) => page.locator('.graphiql-tab-button', { hasText: name }).last().click(),
  tabs: async () => (await page.locator('.graphiql-tab-button').allInnerTexts()).map((name) => name.trim()),
  play: () => page.locator('.graphiql-execute-button').click(),
  variables: () => textOf(page, '.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-line'),
  response: () => textOf(page, '.graphiql-response .view-line'),
  /** Waits until the response matches. */
  responds: (what: RegExp) =>
    waitFor(`a response with ${what}`, async () => what.test(await textOf(page, '.graphiql-response .view-line'))),
  waitForVariables: (what: RegExp) =>
    waitFor(`variables with ${what}`, async () =>
      what.test(await textOf(page, '.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-line')),
    ),
  /** Replaces what an editor contains. */
  async type(editor: 'query' | 'tool', text: string): Promise<void> {
    const area = editor === 'query' ? '.graphiql-query-editor' : '.graphiql-editor-tool .graphiql-editor:not(.hidden)';
    await page.locator(`${area} .monaco-editor`).first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(text);
  },
});

/** The lines in sight, from top to bottom: the editor keeps them in any order. */
function textOf(page: Page, lines: string): Promise<string> {
  return page.locator(lines).evaluateAll((elements) =>
    elements
      .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
      .toSorted((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n'),
  );
}
