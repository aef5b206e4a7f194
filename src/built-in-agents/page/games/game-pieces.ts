import { LANGUAGES } from '../../languages/language-of.ts';
import { SHAPES } from '../../things/shapes.ts';
import { WORDS } from '../../things/words.ts';

/** The first eight things that have a shape, each once, named in the language and drawn in one color. */
export function gamePieces(
  things: readonly string[],
  language: string,
  color: string,
): { name: string; image: string }[] {
  const column = Math.max(0, (LANGUAGES as readonly string[]).indexOf(language));
  return [...new Set(things)]
    .slice(0, 12)
    .flatMap((thing) => {
      const shape = SHAPES[thing];
      if (shape === undefined) return [];
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="128" height="128"><path d="${shape}" fill="${color}"/></svg>`;
      const name = column === 0 ? thing : (WORDS[thing]?.names[column]?.[0] ?? thing);
      return [{ name, image: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` }];
    })
    .slice(0, 8);
}
