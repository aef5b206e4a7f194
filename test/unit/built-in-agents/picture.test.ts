import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeScene, drawScene } from '../../../src/built-in-agents/picture/draw-scene.ts';
import { canDraw } from '../../../src/built-in-agents/picture/shapes.ts';
import { writeStory } from '../../../src/built-in-agents/story/write-story.ts';
import { thingsIn } from '../../../src/built-in-agents/things/find-things.ts';
import { WORDS } from '../../../src/built-in-agents/things/words.ts';
import { hostileText } from './hostile-text.ts';
import { FOREIGN_IDEAS, IDEAS } from './ideas.ts';

/** Whether elements are closed in order and text contains no unescaped markup. */
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

/** A picture as AssetAgent draws it after StoryAgent. */
function pictureOf(idea: string, variation = 0) {
  const { story, title, summary } = writeStory(idea, { variation });
  return drawScene(story, title, summary, { variation });
}

describe('a picture', () => {
  test('the same story gives the same picture, and another variation gives another', () => {
    expect(drawScene('story', 'idea')).toEqual(drawScene('story', 'idea'));
    expect(drawScene('story', 'idea').svg).not.toBe(drawScene('another story', 'idea').svg);
    expect(drawScene('story', 'idea', '', { variation: 1 }).svg).not.toBe(drawScene('story', 'idea').svg);
  });

  test.each([
    ['a clock of rain', ['clock', 'rain']],
    ['make a snake game', ['snake']],
    ['three lonely robots in a lost city', ['robot', 'city']],
    ['pirate captain Rosa searches for her stolen parrot', ['pirate', 'parrot']],
    ['a piano that plays itself in Vienna', ['piano']],
    ['a dragon who is afraid of the dark', ['dragon']],
    ['👻🎃🌙', ['ghost', 'pumpkin']],
    ['un violín embrujado que llora en la casa vieja', ['violin', 'house']],
    ['ein Koffer voller Briefe', ['letter']],
    ['deux chats noirs', ['cat']],
    ['منارة تتذكر البحارة', ['lighthouse']],
    ['एक पुरानी हवेली में गाती हुई गुड़िया', ['house', 'doll']],
    ['古い駅で亡き父を待つ少女と黒い猫', ['train', 'cat']],
    ['一只猫住在月亮上的图书馆', ['cat', 'moon']],
  ])('a picture of %j shows %j', (idea, things) => {
    expect(pictureOf(idea).things).toEqual(expect.arrayContaining(things));
  });

  test('more than a hundred things can be drawn, each with words in nine languages', () => {
    const drawable = Object.keys(WORDS).filter(canDraw);
    expect(drawable.length).toBeGreaterThan(100);
    for (const thing of drawable) expect(WORDS[thing]?.names).toHaveLength(9);
  });

  test('pictures are composed in at least five ways, and show at most two ghosts', () => {
    const pictures = [...IDEAS, ...FOREIGN_IDEAS.map(([, idea]) => idea)].map((idea) => pictureOf(idea));
    expect(new Set(pictures.map(({ composition }) => composition)).size).toBeGreaterThanOrEqual(5);
    for (const { svg, things } of pictures) {
      expect(svg.split('Q-20 -112 0 -112').length - 1).toBeLessThanOrEqual(1);
      expect(things.length).toBeGreaterThan(0);
    }
  });

  test('a thing is found by a whole word only', () => {
    expect(thingsIn('a catalogue of batteries', 'en', 5)).toEqual([]);
    expect(thingsIn('bats and cats', 'en', 5)).toEqual(['bat', 'cat']);
  });

  test('a picture is well-formed XML without scripts or links, whatever the words', () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), fc.integer({ min: 0, max: 20 }), (story, idea, variation) => {
        const { svg } = drawScene(story, idea, idea, { variation });
        expect(isWellFormed(svg)).toBe(true);
        expect(svg).not.toMatch(/<script|\son\w+=|href=|NaN|undefined/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a description of a picture', () => {
  test('a picture gives back its title, palette and things', () => {
    const { svg, palette, things } = drawScene('story', 'a <cat> & a “bat”');
    expect(describeScene(svg)).toEqual({ title: 'a <cat> & a “bat”', palette, things });
  });

  test('a picture that was not drawn here has no description', () => {
    expect(describeScene('<svg xmlns="http://www.w3.org/2000/svg"><title id="title">x</title></svg>')).toBeNull();
  });
});
