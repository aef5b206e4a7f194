import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeScene, drawScene } from '../../../src/built-in-agents/picture/draw-scene.ts';
import { motifsOf } from '../../../src/built-in-agents/picture/motifs.ts';
import { hostileText } from './hostile-text.ts';

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

describe('a picture', () => {
  test('the same story gives the same picture', () => {
    expect(drawScene('story', 'idea')).toEqual(drawScene('story', 'idea'));
    expect(drawScene('story', 'idea').svg).not.toBe(drawScene('another story', 'idea').svg);
  });

  test.each([
    ['a lighthouse that remembers sailors', ['lighthouse', 'ship']],
    ['the last train to a cemetery', ['train', 'graves']],
    ['a cat in a castle', ['castle', 'cat']],
    ['nothing of the kind', []],
  ])('a picture of %j shows %j', (text, motifs) => {
    expect(motifsOf(text, 3)).toEqual(motifs);
  });

  test('a picture is well-formed XML without scripts or links, whatever the words', () => {
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

describe('a description of a picture', () => {
  test('a picture gives back its title and palette', () => {
    const { svg, palette } = drawScene('story', 'a <cat> & a “bat”');
    expect(describeScene(svg)).toEqual({ title: 'a <cat> & a “bat”', palette });
  });

  test('a picture that was not drawn here has no description', () => {
    expect(describeScene('<svg xmlns="http://www.w3.org/2000/svg"><title id="title">x</title></svg>')).toBeNull();
  });
});
