import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMS } from '../../../src/built-in-agents/story/forms/index.ts';
import { plainIdea } from '../../../src/built-in-agents/story/understand/plain-idea.ts';
import { writeStory } from '../../../src/built-in-agents/story/write-story.ts';
import { titleFrom } from '../../../src/built-in-agents/title.ts';
import { FOREIGN_IDEAS, IDEAS } from './ideas.ts';

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** Words of many kinds, including HTML's and the forms' special characters. */
const anyInput = () =>
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          'the',
          'lighthouse',
          'that',
          'remembers',
          'Rosa',
          'and',
          'in',
          'Paris',
          '#hour#',
          '[a:b]',
          '\\',
          '{h}',
        ],
        ...[
          '<b>',
          '&amp;',
          '灯台',
          '👻',
          'дом',
          'ÅÄÖ',
          '\u202e',
          '\ud83d',
          '\u0000',
          '...',
          '?!',
          '"',
          '\n',
          'is',
          'not',
        ],
      ),
      { maxLength: 40 },
    )
    .map((words) => words.join(' '));

const runsOf = (text: string) => {
  const words = wordsOf(text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, ' '));
  return words.slice(5).map((_, at) => words.slice(at, at + 6).join(' '));
};

describe('a story', () => {
  test('equal ideas, languages and variations give the same story, and another variation gives another', () => {
    const first = writeStory('a lighthouse that remembers drowned sailors');
    writeStory('something else');
    expect(writeStory('a lighthouse that remembers drowned sailors')).toEqual(first);
    const others = [1, 2, 3].map((variation) =>
      writeStory('a lighthouse that remembers drowned sailors', { variation }),
    );
    expect(new Set([first, ...others].map(({ story }) => story)).size).toBe(4);
  });

  test('two stories of different ideas share at most 15 % of their runs of six words', () => {
    const stories = IDEAS.map((idea) => runsOf(writeStory(idea).story));
    const shared = stories.flatMap((one, at) =>
      stories.flatMap((other, index) => {
        if (at === index) return [];
        const known = new Set(other);
        return [{ at, index, share: one.filter((run) => known.has(run)).length / one.length }];
      }),
    );
    expect(shared.filter(({ share }) => share > 0.15)).toEqual([]);
  });

  test.each([
    [
      'Dracula moves into a supermarket freezer in Ohio and befriends the night cashier, Denise',
      ['Dracula', 'Denise', 'Ohio', 'freezer'],
    ],
    ['pirate captain Rosa searches for her stolen parrot', ['Rosa', 'parrot', 'search']],
    ['two vampires run a bakery in Paris', ['two vampires', 'bakery', 'Paris']],
    ['three lonely robots in a lost city', ['three lonely robots', 'lost city']],
    ['I love you, Maria, but you died in 1912', ['Maria', '1912']],
    ['zombie grandmother bakes cookies for the mailman', ['zombie grandmother', 'mailman', 'cookies']],
    ['👻🎃🌙', ['ghost', 'pumpkin']],
    ['make a snake game', ['snake']],
    ['<h1>The Grey Nun</h1> walks the halls at midnight', ['Grey Nun', 'halls']],
    ['function fib(n) { return fib(n - 1); }', ['program called fib']],
  ])('a story about %j tells of %j, whatever its form', (idea, names) => {
    for (const variation of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const { story } = writeStory(idea, { variation });
      expect(names.filter((name) => !story.toLowerCase().includes(name.toLowerCase())).slice(1)).toEqual([]);
      expect(story.toLowerCase()).toContain(String(names[0]).toLowerCase());
    }
  });

  test('a story of a whole chapter tells of the one whom the chapter mentions most, and says what it uses', () => {
    const { story, used, title } = writeStory(IDEAS.at(-1) ?? '');
    expect(story.split('Marguerite').length).toBeGreaterThan(4);
    expect(used).toContain('Marguerite');
    expect(title.length).toBeLessThan(80);
  });

  test('a story has 120 to 400 words, no open slot, and capitals at the beginning of sentences', () => {
    fc.assert(
      fc.property(anyInput(), fc.integer({ min: 0, max: 99 }), (input, variation) => {
        const { story } = writeStory(input, { language: 'en', variation });
        if (story.includes('🌙')) return;
        expect(story).not.toMatch(/[{}]|#\w+#|undefined/);
      }),
    );
    for (const idea of IDEAS) {
      for (const variation of [0, 1, 2, 3]) {
        const { story } = writeStory(idea, { variation });
        expect(wordsOf(story).length).toBeGreaterThanOrEqual(120);
        expect(wordsOf(story).length).toBeLessThanOrEqual(400);
        expect(story).not.toMatch(/[{}#]|undefined|[^\S\n]{2}| ,| \.(?!\.)|\bthe the\b|\ba [aeio]/i);
        expect(story).not.toMatch(/[^.]\. [a-z]|(^|\n)[“‘]?[a-z]/);
      }
    }
  });

  test('every slot and list of every form is known', () => {
    const known = /^(?:[hox y]|in2?|local|they|them|their|was|did2?|do2?|doing2?|n)$/i;
    const texts = FORMS.flatMap(({ paragraphs }) => paragraphs.flat(2));
    const slots = texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
    expect(slots.filter((slot) => !known.test(slot))).toEqual([]);
    const lists = new Set(texts.flatMap((text) => [...text.matchAll(/#(\w+)#/g)].map(([, name = '']) => name)));
    expect([...lists].toSorted()).toEqual(['figure', 'hour', 'keepsake', 'light', 'ride', 'smell', 'sound', 'weather']);
    expect(FORMS.length).toBeGreaterThanOrEqual(6);
  });

  test.each(FOREIGN_IDEAS)('an idea in %s is told in its own words and language: %s', (language, idea) => {
    const told = writeStory(idea);
    expect(told.language).toBe(language);
    expect(told.story).toContain(idea.slice(1));
    expect(told.story).not.toMatch(/\b(?:the|and|Night)\b|[{}]/);
  });

  test('a wanted language wins over the idea’s own', () => {
    expect(writeStory('a clock of rain', { language: 'fr-CA' }).story).toMatch(/[éàùê]|« /);
  });

  test.each([
    ['', 'empty'],
    ['?!', 'empty'],
    ['👻', 'emoji'],
    ['https://example.com/x', 'address'],
    ['const x = () => { y(); };', 'code'],
    ['Please write a story about: bees', 'text'],
  ])('the input %j is understood as %s', (input, kind) => {
    expect(plainIdea(input).kind).toBe(kind);
    expect(wordsOf(writeStory(input).story).length).toBeGreaterThan(100);
  });
});

describe('a title', () => {
  test.each([
    ['A cat — house by night in violet and rose', 'A cat'],
    ['It rained. It stopped.', 'It rained'],
    ['“Who is there?” she said.', '“Who is there?'],
    ['', 'A haunted night'],
    ['x '.repeat(100), `X ${'x '.repeat(57)}x…`],
  ])('the title of %j is %j', (text, title) => {
    expect(titleFrom(text)).toBe(title);
  });
});
