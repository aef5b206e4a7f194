import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIdea } from '../../../src/built-in-agents/story/parse-idea.ts';
import { writeStory } from '../../../src/built-in-agents/story/write-story.ts';
import { titleFrom } from '../../../src/built-in-agents/title.ts';

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

/** Words of many kinds, including tracery's and HTML's special characters. */
const anyInput = () =>
  fc
    .array(
      fc
        .constantFrom(
          'a',
          'the',
          'lighthouse',
          'that',
          'remembers',
          '#origin#',
          '[a:b]',
          '\\',
          '{hero}',
          '<b>',
          '&amp;',
        )
        .chain((word) =>
          fc.constantFrom(word, '灯台', '👻', 'дом', 'ÅÄÖ', '\u202e', '\ud83d', '\u0000', '...', '?!', '"', '\n'),
        ),
      { maxLength: 40 },
    )
    .map((words) => words.join(' '));

describe('a story', () => {
  test('the same input gives the same story, whatever was written in between', () => {
    const first = writeStory('a lighthouse that remembers drowned sailors');
    writeStory('something else');
    expect(writeStory('a lighthouse that remembers drowned sailors')).toEqual(first);
    expect(writeStory('a lighthouse that remembers drowned sailor').story).not.toBe(first.story);
  });

  test('writing a story does not replace Math.random', () => {
    const random = Math.random;
    writeStory('a');
    expect(Math.random).toBe(random);
  });

  test('a story has 150 to 400 words in six paragraphs, whatever the input', () => {
    fc.assert(
      fc.property(anyInput(), (input) => {
        const { story } = writeStory(input);
        expect(wordsOf(story)).toBeGreaterThanOrEqual(150);
        expect(wordsOf(story)).toBeLessThanOrEqual(400);
        expect(story.split('\n\n')).toHaveLength(6);
      }),
    );
  });

  test('a story has no unexpanded rule or placeholder, and correct articles and capitals', () => {
    fc.assert(
      fc.property(fc.integer(), (number) => {
        const { story } = writeStory(`idea ${number}`);
        expect(story).not.toMatch(/#|\(\(|[{}[\]]|undefined|[^\S\n]{2}| ,| \./);
        expect(story).not.toMatch(/\ba [aeio]|\ban [^aeiou]/i);
        expect(story).not.toMatch(/[a-z]\. [a-z]|(^|\n)[“‘]?[a-z]/);
      }),
    );
  });

  test('a story contains the user’s words exactly as written', () => {
    const input = 'ein Haus #aus# <b>Träumen</b> [in] Köln {hero} 👻';
    const { story, summary } = writeStory(input);
    expect(story.split(input).length + story.split(`E${input.slice(1)}`).length - 2).toBeGreaterThanOrEqual(2);
    expect(summary).toContain(input);
  });

  test.each([
    ['a lighthouse that remembers drowned sailors', 'the lighthouse', 'sea'],
    ['Write me a spooky story about the old clock tower in Prague', 'the old clock tower', 'house'],
    ['an abandoned subway station', 'the abandoned subway station', 'city'],
    ['my cat is a ghost', null, 'house'],
    ['“The Witch of Blackwood Forest.”', 'the Witch', 'forest'],
    ['👻', null, 'moor'],
  ])('a story about %j has the subject %j and the setting %s', (input, subject, setting) => {
    expect(parseIdea(input).subject).toBe(subject);
    expect(writeStory(input).setting).toBe(setting);
  });

  test.each([
    ['', 'something nobody would say aloud'],
    [' \n\t', 'something nobody would say aloud'],
    ['...', '...'],
    ['?!', '?!'],
    ['Please write a story about: bees', 'bees'],
    ['line\nbreaks\u0007 and \u202econtrol', 'line breaks and control'],
  ])('the input %j gives the idea %j', (input, idea) => {
    expect(parseIdea(input).text).toBe(idea);
  });

  test('a very long input is cut between words, or between graphemes', () => {
    expect(parseIdea('word '.repeat(100_000)).text).toBe(`${'word '.repeat(14).trim()}…`);
    const family = '👩‍👩‍👧';
    const { text } = parseIdea(family.repeat(1_000));
    expect(text.replaceAll(family, '')).toBe('…');
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
