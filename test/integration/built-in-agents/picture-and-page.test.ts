import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageProblems } from '../../../src/built-in-agents/page/check-page.ts';
import { makePage } from '../../../src/built-in-agents/page/make-page.ts';
import { partsOf } from '../../../src/built-in-agents/page/paragraphs.ts';
import { drawScene } from '../../../src/built-in-agents/picture/draw-scene.ts';
import { motifsOf } from '../../../src/built-in-agents/picture/motif.ts';

const nothingKept = async () => null;
const hostile = fc.constantFrom(
  '<script>alert(1)</script>',
  '"onload="x',
  "'",
  '&amp;',
  ']]>',
  '-->',
  '</style>',
  '\u0000',
  'a ghost',
  '\n\n',
  '. ',
);
const hostileText = () => fc.array(hostile, { maxLength: 8 }).map((parts) => parts.join(''));

/** Whether every element closes in order and no character of markup stands in a text. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z\d:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>/g,
    (_tag, end, name, _attributes, empty) => {
      if (end === '/') return open.pop() === name ? '' : '<';
      if (empty !== '/') open.push(name);
      return '';
    },
  );
  return open.length === 0 && !/[<\0]|&(?!(?:amp|lt|gt|quot|#39);)/.test(rest);
}

describe('a picture', () => {
  test('is the same for the same story', () => {
    expect(drawScene('story', 'idea')).toEqual(drawScene('story', 'idea'));
    expect(drawScene('story', 'idea').svg).not.toBe(drawScene('another story', 'idea').svg);
  });

  test.each([
    ['a lighthouse that remembers sailors', ['lighthouse', 'ship']],
    ['the last train to a cemetery', ['train', 'graves']],
    ['a cat in a castle', ['castle', 'cat']],
    ['nothing of the kind', []],
  ])('of %j shows %j', (text, motifs) => {
    expect(motifsOf(text, 3)).toEqual(motifs);
  });

  test('is well-formed XML that runs and loads nothing, whatever the words', () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), (story, idea) => {
        const { svg } = drawScene(story, idea);
        expect(isWellFormed(svg)).toBe(true);
        expect(svg).not.toMatch(/<script|\son\w+=|href=|NaN|undefined/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a page', () => {
  test('shows markup in a story as text, and passes its own check', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText(), hostileText(), async (story, imageTheme) => {
        const page = await makePage({ story, imageTheme }, nothingKept);
        expect(page).toMatchObject({ tested: true, patchAttempts: 0, problems: [] });
        expect(page.html.match(/<script/g)).toHaveLength(1);
        expect(page.html).not.toContain('alert(1)</script>');
      }),
      { numRuns: 30 },
    );
  });

  test('asks for nothing that its sandbox refuses', async () => {
    const { html } = await makePage({ story: 'One.\n\nTwo.', imageTheme: 'x' }, nothingKept);
    expect(html).not.toMatch(/https?:|fetch\(|XMLHttpRequest|localStorage|alert\(|confirm\(|prompt\(|\sonclick=/);
  });

  test('holds the picture that is kept under its CID', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>mine</title></svg>';
    const kept = async (cid: string) =>
      cid === 'mine' ? { contentType: 'image/svg+xml', bytes: Buffer.from(svg) } : null;
    const { html, ownPicture } = await makePage({ story: 'x', imageTheme: 'x', imageCid: 'mine' }, kept);
    expect({ ownPicture, found: html.includes(Buffer.from(svg).toString('base64')) }).toEqual({
      ownPicture: true,
      found: true,
    });
    expect((await makePage({ story: 'x', imageTheme: 'x', imageCid: 'other' }, kept)).ownPicture).toBe(false);
  });

  test('takes its title from the theme up to the dash', async () => {
    const { html } = await makePage(
      { story: 'x', imageTheme: 'a <cat> — house by night in ember and ash' },
      nothingKept,
    );
    expect(html).toContain('<title>A &lt;cat&gt;</title>');
  });
});

describe('the parts of a story', () => {
  test('are its paragraphs, eight parts at most', () => {
    expect(partsOf('one\n\n two \r\n\r\nthree')).toEqual([['one'], ['two'], ['three']]);
    const parts = partsOf(Array.from({ length: 30 }, (_, n) => `p${n}`).join('\n\n'));
    expect(parts).toHaveLength(8);
    expect(parts.flat()).toHaveLength(30);
  });

  test('of one long paragraph are cut where sentences end', () => {
    expect(partsOf('A. B. C. D.')).toEqual([['A. B. C.'], ['D.']]);
  });

  test('are never none', () => {
    expect(partsOf(' ')).toEqual([['…']]);
  });
});

describe('the check of a page', () => {
  test.each([
    ['<p>a</p>', []],
    ['<p><b>a</p></b>', ['</p> closes nothing']],
    ['<main><p>a</p>', ['<main> is not closed']],
    ['<p>a</p><script>let = ;</script>', [expect.stringContaining('a script does not parse')]],
    ['<p>a</p><img src="http://x/">', ['it loads something']],
    ['<p>a</p><style>p { background: url(http://x/) }</style>', ['it loads something']],
    ['<p>a</p><p>a curse: url(x), @import of the dead</p>', []],
    ['<p>b</p>', ['a paragraph is missing']],
  ])('finds in %j: %j', (html, problems) => {
    expect(pageProblems(html, ['a'])).toEqual(problems);
  });
});
