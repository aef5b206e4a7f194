import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ideaIn } from '../../../src/built-in-agents/idea-in.ts';
import { ownWords } from '../../../src/built-in-agents/story/own-words.ts';
import { tellStory } from '../../../src/built-in-agents/story/tell-story.ts';

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

/** Words of many kinds, tracery's and HTML's own characters among them. */
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
  test('is the same for the same words, whatever was told in between', () => {
    const first = tellStory('a lighthouse that remembers drowned sailors');
    tellStory('something else');
    expect(tellStory('a lighthouse that remembers drowned sailors')).toEqual(first);
    expect(tellStory('a lighthouse that remembers drowned sailor').story).not.toBe(first.story);
  });

  test('leaves the randomness of others alone', () => {
    const random = Math.random;
    tellStory('a');
    expect(Math.random).toBe(random);
  });

  test('has 150 to 400 words in six paragraphs, whatever the input', () => {
    fc.assert(
      fc.property(anyInput(), (input) => {
        const { story } = tellStory(input);
        expect(wordsOf(story)).toBeGreaterThanOrEqual(150);
        expect(wordsOf(story)).toBeLessThanOrEqual(400);
        expect(story.split('\n\n')).toHaveLength(6);
      }),
    );
  });

  test('is whole: no rule or placeholder is left open, and articles and capitals are right', () => {
    fc.assert(
      fc.property(fc.integer(), (number) => {
        const { story } = tellStory(`idea ${number}`);
        expect(story).not.toMatch(/#|\(\(|[{}[\]]|undefined|[^\S\n]{2}| ,| \./);
        expect(story).not.toMatch(/\ba [aeio]|\ban [^aeiou]/i);
        expect(story).not.toMatch(/[a-z]\. [a-z]|(^|\n)[“‘]?[a-z]/);
      }),
    );
  });

  test('holds the user’s own words as they were written', () => {
    const input = 'ein Haus #aus# <b>Träumen</b> [in] Köln {hero} 👻';
    const { story, summary } = tellStory(input);
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
  ])('about %j is about %j, and takes place in a setting of its own', (input, subject, setting) => {
    expect(ownWords(input).subject).toBe(subject);
    expect(tellStory(input).setting).toBe(setting);
  });

  test.each([
    ['', 'something nobody would say aloud'],
    [' \n\t', 'something nobody would say aloud'],
    ['...', '...'],
    ['?!', '?!'],
    ['Please write a story about: bees', 'bees'],
    ['line\nbreaks\u0007 and \u202econtrol', 'line breaks and control'],
  ])('input %j is read as %j', (input, idea) => {
    expect(ownWords(input).idea).toBe(idea);
  });

  test('a very long input is cut between words, and between what a reader sees as characters', () => {
    expect(ownWords('word '.repeat(100_000)).idea).toBe(`${'word '.repeat(14).trim()}…`);
    const family = '👩‍👩‍👧';
    const { idea } = ownWords(family.repeat(1_000));
    expect(idea.replaceAll(family, '')).toBe('…');
  });
});

describe('the idea in a text', () => {
  test.each([
    ['A cat — house by night in violet and rose', 'A cat'],
    ['It rained. It stopped.', 'It rained'],
    ['“Who is there?” she said.', '“Who is there?'],
    ['', 'A haunted night'],
    ['x '.repeat(100), `X ${'x '.repeat(57)}x…`],
  ])('of %j is %j', (text, idea) => {
    expect(ideaIn(text)).toBe(idea);
  });
});
