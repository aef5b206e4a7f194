import type { Palette } from '../picture/palette.ts';
import { SHAPES } from '../things/shapes.ts';
import { WORDS } from '../things/words.ts';

const EMOJI = /\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f)*/gu;
const THINGS = new Map(Object.entries(WORDS).map(([thing, { emoji }]) => [emoji, thing]));

const thingOf = (emoji: string): string | undefined => THINGS.get(emoji.replaceAll('\ufe0f', ''));

/** The emoji of a story as small pictures in the page’s colors: not every device has a font with emoji. */
export function signsOf(text: string, { glow }: Palette): { style: string; mark: (html: string) => string } {
  const things = new Set([...text.matchAll(EMOJI)].flatMap(([emoji]) => thingOf(emoji) ?? []));
  const rules = [...things].flatMap((thing) => {
    const shape = SHAPES[thing];
    if (shape === undefined) return [];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><path d="${shape}" fill="${glow}"/></svg>`;
    return [
      `.sign-${thing} { background-image: url("data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"); }`,
    ];
  });
  return {
    style: rules.join('\n'),
    // The emoji stays in the text, for those who listen to the page or copy it.
    mark: (html) =>
      html.replace(EMOJI, (emoji) => {
        const thing = thingOf(emoji);
        return thing === undefined || SHAPES[thing] === undefined
          ? emoji
          : `<span class="sign sign-${thing}">${emoji}</span>`;
      }),
  };
}

/** A text without its emoji. */
export const withoutEmoji = (text: string): string => text.replace(EMOJI, '').trim();
