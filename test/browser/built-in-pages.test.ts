import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePage } from '../../src/built-in-agents/page/make-page.ts';
import { writeStory } from '../../src/built-in-agents/story/write-story.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';

let browser: TestBrowser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** Opens the page that the built-in agents make of an idea, in a sandbox as deployed pages have it. */
async function open(idea: string, width = 1280): Promise<{ page: Page; frame: Frame; problems: string[] }> {
  const { story, title } = writeStory(idea);
  const { html } = await makePage({ story, imageTheme: title }, async () => null);
  const page = await browser.context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => !/^(?:data|about):/.test(request.url()) && problems.push(request.url()));
  await page.setViewportSize({ width, height: 900 });
  await page.setContent('<iframe sandbox="allow-scripts" style="border:0;width:100%;height:860px"></iframe>');
  await page.locator('iframe').evaluate((element, source) => element.setAttribute('srcdoc', source), html);
  const frame = await (await page.locator('iframe').elementHandle())?.contentFrame();
  if (!frame) throw new Error('the sandbox has no frame');
  await frame.locator('#game[data-state=playing]').waitFor();
  return { page, frame, problems };
}

const state = (frame: Frame) => frame.locator('#game').getAttribute('data-state');
const data = (frame: Frame, name: string) => frame.locator('.board').getAttribute(`data-${name}`);
const cell = (text: string | null) => String(text).split(',').map(Number) as [number, number];

/** The keys of a shortest way through a maze. */
function wayOut(open: ReadonlySet<string>, from: [number, number], to: [number, number]): string[] {
  const ways: [string, number, number][] = [
    ['ArrowRight', 1, 0],
    ['ArrowLeft', -1, 0],
    ['ArrowDown', 0, 1],
    ['ArrowUp', 0, -1],
  ];
  const queue: { at: [number, number]; keys: string[] }[] = [{ at: from, keys: [] }];
  const seen = new Set([from.join()]);
  for (const { at, keys } of queue) {
    if (at.join() === to.join()) return keys;
    for (const [key, dx, dy] of ways) {
      const next: [number, number] = [at[0] + dx, at[1] + dy];
      if (!open.has(next.join()) || seen.has(next.join())) continue;
      seen.add(next.join());
      queue.push({ at: next, keys: [...keys, key] });
    }
  }
  throw new Error('the maze has no way out');
}

test('a maze is won with the arrow keys, lost when the candle has burnt down, and begun anew', async () => {
  const { page, frame, problems } = await open('three lonely robots in a lost city');
  const play = async () => {
    const cells = new Set(String(await data(frame, 'open')).split(' '));
    return wayOut(cells, cell(await data(frame, 'me')), cell(await data(frame, 'goal')));
  };
  await frame.locator('#game').focus();
  for (const key of await play()) await frame.locator('#game').press(key);
  expect(await state(frame)).toBe('won');

  await frame.getByRole('button', { name: 'New game' }).click();
  expect(await state(frame)).toBe('playing');
  const [first = 'ArrowRight'] = await play();
  const back = { ArrowRight: 'ArrowLeft', ArrowDown: 'ArrowUp' }[first] ?? 'ArrowLeft';
  for (let step = 0; step < 400 && (await state(frame)) === 'playing'; step += 1) {
    await frame.locator('#game').press(step % 2 === 0 ? first : back);
  }
  expect(await state(frame)).toBe('lost');
  expect(problems).toEqual([]);
  await page.close();
});

test('memory is won by turning pairs, and lost after too many mistakes', async () => {
  const { page, frame, problems } = await open('two vampires run a bakery in Paris');
  const cards = async () =>
    await frame.locator('.card').evaluateAll((all: HTMLElement[]) => all.map(({ dataset }) => dataset['thing'] ?? ''));
  const things = await cards();
  for (const thing of new Set(things)) {
    for (const [index, one] of things.entries()) if (one === thing) await frame.locator('.card').nth(index).click();
  }
  expect(await state(frame)).toBe('won');

  await frame.getByRole('button', { name: 'New game' }).click();
  await frame.locator('.card').evaluateAll((all: HTMLElement[]) => {
    const [first] = all;
    const other = all.find(({ dataset }) => dataset['thing'] !== first?.dataset['thing']);
    const timer = setInterval(() => {
      first?.click();
      other?.click();
      if (!first?.isConnected) clearInterval(timer);
    }, 50);
  });
  await frame.locator('#game[data-state=lost]').waitFor({ timeout: 20_000 });
  expect(problems).toEqual([]);
  await page.close();
});

test('a quiz is won with the right words and lost with wrong ones', async () => {
  const { page, frame, problems } = await open('interactive quiz about planets');
  const answer = async (isRight: boolean) => {
    const right = await data(frame, 'answer');
    const options = await frame.locator('.option').allInnerTexts();
    const index = options.findIndex((option) => (option === right) === isRight);
    await frame.locator('.option').nth(index).click();
  };
  while ((await state(frame)) === 'playing') await answer(true);
  expect(await state(frame)).toBe('won');
  await frame.getByRole('button', { name: 'New game' }).click();
  while ((await state(frame)) === 'playing') await answer(false);
  expect(await state(frame)).toBe('lost');
  expect(problems).toEqual([]);
  await page.close();
});

test('the hidden things are found with the lantern', async () => {
  const { page, frame, problems } = await open('pirate captain Rosa searches for her stolen parrot');
  const spots: [number, number][] = JSON.parse(String(await data(frame, 'spots')));
  await frame.locator('.board').scrollIntoViewIfNeeded();
  for (const [x, y] of spots) {
    const box = await frame.locator('.board').boundingBox();
    if (box === null) throw new Error('there is no board');
    await page.mouse.click(box.x + (box.width * x) / 100, box.y + (box.height * y) / 100);
  }
  expect(await state(frame)).toBe('won');
  expect(problems).toEqual([]);
  await page.close();
});

test('a snake that is steered to its food grows, and one that is not hits the wall', async () => {
  const { page, frame, problems } = await open('make a snake game', 390);
  await frame.locator('#game').focus();
  await frame.getByRole('button', { name: 'Up' }).click();
  await frame.locator('#game[data-state=lost]').waitFor({ timeout: 10_000 });
  await frame.getByRole('button', { name: 'New game' }).click();
  // Plays inside the page, as quickly as the snake moves.
  await frame.locator('#game').evaluate((game: HTMLElement) => {
    const press = (key: string) => game.dispatchEvent(new KeyboardEvent('keydown', { key }));
    // A new game begins with a snake that looks to the right.
    let last = 'ArrowRight';
    const timer = setInterval(() => {
      const board = game.querySelector<HTMLElement>('.board');
      if (game.dataset['state'] !== 'playing') clearInterval(timer);
      const [x = 0, y = 0] = (board?.dataset['head'] ?? '').split(',').map(Number);
      const [foodX = 0, foodY = 0] = (board?.dataset['food'] ?? '').split(',').map(Number);
      // Along a row first, then along the column, and never straight back.
      const wanted = x < foodX ? 'ArrowRight' : x > foodX ? 'ArrowLeft' : y < foodY ? 'ArrowDown' : 'ArrowUp';
      const opposite: Record<string, string> = {
        ArrowRight: 'ArrowLeft',
        ArrowLeft: 'ArrowRight',
        ArrowUp: 'ArrowDown',
        ArrowDown: 'ArrowUp',
      };
      const key =
        opposite[wanted] === last
          ? wanted === 'ArrowLeft' || wanted === 'ArrowRight'
            ? y > 7
              ? 'ArrowUp'
              : 'ArrowDown'
            : x > 7
              ? 'ArrowLeft'
              : 'ArrowRight'
          : wanted;
      last = key;
      press(key);
    }, 60);
  });
  await frame
    .locator('#game .status')
    .filter({ hasText: /[1-8] of 8|won/ })
    .waitFor({ timeout: 20_000 });
  expect(problems).toEqual([]);
  await page.close();
});

test('a page in Arabic reads from right to left, and no page is wider than a phone', async () => {
  for (const idea of [
    'منارة تتذكر البحارة الغرقى',
    'a dashboard that shows the temperature of every grave in the cemetery',
    'x'.repeat(300),
  ]) {
    const { page, frame, problems } = await open(idea, 390);
    expect(await frame.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
      true,
    );
    expect(await frame.evaluate('document.documentElement.dir')).toBe(idea.startsWith('م') ? 'rtl' : 'ltr');
    const title = await frame.locator('h1').boundingBox();
    const picture = await frame.locator('.scene').boundingBox();
    expect(Number(title?.y)).toBeGreaterThanOrEqual(Number(picture?.y) + Number(picture?.height) - 1);
    expect(problems).toEqual([]);
    await page.close();
  }
});
