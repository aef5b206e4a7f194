import { languageOf } from '../languages/language-of.ts';
import { escapeMarkup, unescapeMarkup } from '../markup.ts';
import { pick, seededRandom } from '../seeded-random.ts';
import { settingFor } from '../story/haunted-places.ts';
import { thingsIn } from '../things/find-things.ts';
import { COMPOSITIONS, SHORE } from './compositions.ts';
import { PALETTES, type Palette } from './palette.ts';
import { canDraw } from './shapes.ts';
import { HEIGHT, WIDTH } from './svg.ts';

export type Scene = { svg: string; palette: Palette; things: string[]; setting: string; composition: string };

export type SceneOptions = {
  /** A BCP 47 language that the texts may be in, beside the one that they seem to be in. */
  language?: string | undefined;
  /** Another number gives another picture. @default 0 */
  variation?: number | undefined;
};

/** Wherever one of these is, there is water. */
const AT_SEA = new Set([
  'lighthouse',
  'boat',
  'ship',
  'submarine',
  'whale',
  'shark',
  'octopus',
  'mermaid',
  'anchor',
  'island',
  'sea',
]);
const FALLBACK = { house: 'house', city: 'city', sea: 'lighthouse', forest: 'forest', moor: 'house' };

/** Beside the house of an idea that names nothing to draw. */
const COMPANIONS = ['owl', 'raven', 'lantern', 'candle', 'key', 'bat', 'mirror', 'umbrella', 'chair', 'letter'];

/**
 * Draws a night scene of the things that the idea names: what the title names comes first, then the summary, and the
 * story only if both name nothing. Equal arguments give equal pictures.
 * @param title may be empty
 * @param summary what the story is about; may be empty
 */
export function drawScene(story: string, title: string, summary = '', options: SceneOptions = {}): Scene {
  const { variation = 0 } = options;
  const random = seededRandom(variation === 0 ? `${title}\n${story}` : `${variation}\n${title}\n${story}`);
  const palette = pick(random, PALETTES);
  // The form is no part of the idea: “a tale before sleep about …”.
  const idea = `${title} ${summary.replace(/^.* — (?:[^—]* about )?/, '')}`;
  const text = title === '' ? story : title;
  // An idea may be told in another language than its own.
  const languages = new Set([languageOf(text, undefined), languageOf(text, options.language)]);
  const thingsOf = (words: string, most: number) =>
    [...new Set([...languages].flatMap((language) => thingsIn(words, language, most)))].filter(canDraw);
  const named = thingsOf(idea, 8);
  // Without an idea beside it, the story is all there is.
  const told = named.length > 0 || summary !== '' ? named : thingsOf(story, 3);
  const setting = settingFor(told.length > 0 || summary !== '' ? idea : `${idea} ${story}`).name;
  const all = (told.length > 0 ? told : [FALLBACK[setting], pick(random, COMPANIONS)]).filter(
    (thing) => thing !== 'sea',
  );
  // The moon hangs in the sky of the scene, and takes no place on the ground.
  const hasMoon = all.includes('moon');
  const standing = all.filter((thing) => thing !== 'moon').slice(0, 3);
  const things = all.filter((thing) => thing === 'moon' || standing.includes(thing));
  if (things.length === 0) things.push('lighthouse');
  const isShore = told.some((thing) => AT_SEA.has(thing)) || (setting === 'sea' && told.length === 0);
  const fitting = COMPOSITIONS.filter((composition) => composition.hasMoon || !hasMoon);
  const composition = isShore ? SHORE : pick(random, fitting);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeMarkup(title === '' ? 'A haunted night' : title)}</title>`,
    `<desc id="things">${things.join(' ')}</desc>`,
    '<metadata>Some shapes by the authors of game-icons.net, CC BY 3.0</metadata>',
    gradients(palette),
    ...composition.draw(random, palette, standing.length > 0 ? standing : [hasMoon ? 'owl' : 'lighthouse']),
    '</svg>',
  ].join('\n');
  return { svg, palette, things, setting, composition: composition.name };
}

/** Reads title, palette and things back from a picture; null if `drawScene` did not draw it. */
export function describeScene(svg: string): { title: string; palette: Palette; things: string[] } | null {
  const title = /<title id="title">([^<]+)<\/title>/.exec(svg)?.[1];
  const things = /<desc id="things">([a-z ]*)<\/desc>/.exec(svg)?.[1] ?? '';
  const palette = PALETTES.find((candidate) => svg.includes(gradients(candidate)));
  if (title === undefined || palette === undefined) return null;
  return { title: unescapeMarkup(title), palette, things: things.split(' ').filter((thing) => thing !== '') };
}

function gradients({ sky: [top, middle, low], glow, moon, near }: Palette): string {
  const fade = (id: string, color: string, opacity: number) =>
    `<radialGradient id="${id}"><stop offset="0" stop-color="${color}" stop-opacity="${opacity}"/><stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient>`;
  return [
    '<defs>',
    `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="0.45" stop-color="${middle}"/><stop offset="0.72" stop-color="${low}"/></linearGradient>`,
    `<linearGradient id="water" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${middle}"/><stop offset="1" stop-color="${near}"/></linearGradient>`,
    fade('beam', glow, 0.9),
    fade('lamp', glow, 0.9),
    fade('halo', moon, 0.4),
    '</defs>',
  ].join('');
}
