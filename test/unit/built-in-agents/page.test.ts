import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageProblems } from '../../../src/built-in-agents/page/check-page.ts';
import { makePage } from '../../../src/built-in-agents/page/make-page.ts';
import { storyParts } from '../../../src/built-in-agents/page/story-parts.ts';
import { drawScene } from '../../../src/built-in-agents/picture/draw-scene.ts';
import { writeStory } from '../../../src/built-in-agents/story/write-story.ts';
import { hostileText } from './hostile-text.ts';

const nothingStored = async () => null;

describe('a page', () => {
  test('a page shows markup in a story as text, and passes its check', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText(), hostileText(), async (story, imageTheme) => {
        const page = await makePage({ story, imageTheme }, nothingStored);
        expect(page).toMatchObject({ tested: true, patchAttempts: 0, problems: [] });
        expect(page.html.match(/<script/g)).toHaveLength(1);
        expect(page.html).not.toContain('alert(1)</script>');
      }),
      { numRuns: 30 },
    );
  });

  test('a page uses nothing that its sandbox forbids', async () => {
    const { html } = await makePage({ story: 'One.\n\nTwo.', imageTheme: 'x' }, nothingStored);
    expect(html).not.toMatch(/https?:|fetch\(|XMLHttpRequest|localStorage|alert\(|confirm\(|prompt\(|\sonclick=/);
  });

  test('a page draws the emoji of a story, keeps them in its text, and asks for none of them in its quiz', async () => {
    const story = writeStory('eine Katze wartet auf den Mond').story;
    const { html, tested } = await makePage({ story, imageTheme: 'ein Quiz' }, nothingStored);
    expect(tested).toBe(true);
    expect(html).toMatch(/<span class="sign sign-cat">🐈<\/span>/u);
    expect(html).toMatch(/\.sign-cat \{ background-image: url\("data:image\/svg/);
    expect(/data-game="([^"]*)"/.exec(html)?.[1]).not.toMatch(/\p{Extended_Pictographic}/u);
  });

  test('a page contains the picture stored under the given CID', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>mine</title></svg>';
    const load = async (cid: string) =>
      cid === 'mine' ? { contentType: 'image/svg+xml', bytes: Buffer.from(svg) } : null;
    const { html, usesGivenPicture } = await makePage({ story: 'x', imageTheme: 'x', imageCid: 'mine' }, load);
    expect({ usesGivenPicture, found: html.includes(Buffer.from(svg).toString('base64')) }).toEqual({
      usesGivenPicture: true,
      found: true,
    });
    expect((await makePage({ story: 'x', imageTheme: 'x', imageCid: 'other' }, load)).usesGivenPicture).toBe(false);
  });

  test('a page takes its title from the theme up to the dash', async () => {
    const { html } = await makePage(
      { story: 'x', imageTheme: 'a <cat> — house by night in ember and ash' },
      nothingStored,
    );
    expect(html).toContain('<title>A &lt;cat&gt;</title>');
  });
});

describe('a page without a theme', () => {
  const story = 'Nobody remembers who first spoke of it. It rained.';

  test('a page without a theme takes title and colors from the given picture', async () => {
    const { svg, palette } = drawScene(story, 'A clock of rain');
    const load = async () => ({ contentType: 'image/svg+xml', bytes: Buffer.from(svg) });
    const { html } = await makePage({ story, imageTheme: '', imageCid: 'picture' }, load);
    expect(html).toContain('<title>A clock of rain</title>');
    expect(html).toContain(`--near: ${palette.near};`);
  });

  test('a page without a theme and without a picture takes its title from the story', async () => {
    const { html } = await makePage({ story, imageTheme: '' }, nothingStored);
    expect(html).toContain('<title>Nobody remembers who first spoke of it</title>');
  });
});

describe('the parts of a story', () => {
  test('a story is divided into its paragraphs, at most eight parts', () => {
    expect(storyParts('one\n\n two \r\n\r\nthree')).toEqual([['one'], ['two'], ['three']]);
    const parts = storyParts(Array.from({ length: 30 }, (_, n) => `p${n}`).join('\n\n'));
    expect(parts).toHaveLength(8);
    expect(parts.flat()).toHaveLength(30);
  });

  test('a single paragraph is divided between sentences', () => {
    expect(storyParts('A. B. C. D.')).toEqual([['A. B. C.'], ['D.']]);
  });

  test('an empty story has one part', () => {
    expect(storyParts(' ')).toEqual([['…']]);
  });
});

describe('the page check', () => {
  test.each([
    ['<p>a</p>', []],
    ['<p><b>a</p></b>', ['</p> closes nothing']],
    ['<main><p>a</p>', ['<main> is not closed']],
    ['<p>a</p><script>let = ;</script>', [expect.stringContaining('a script does not parse')]],
    ['<p>a</p><img src="http://x/">', ['it loads an external resource']],
    ['<p>a</p><style>p { background: url(http://x/) }</style>', ['it loads an external resource']],
    ['<p>a</p><p>a curse: url(x), @import of the dead</p>', []],
    ['<p>b</p>', ['a paragraph is missing']],
  ])('the check of %j finds %j', (html, problems) => {
    expect(pageProblems(html, ['a'])).toEqual(problems);
  });
});
