import { escapeMarkup, unescapeMarkup } from '../markup.ts';
import { between, pick, type Random, seededRandom } from '../seeded-random.ts';
import { settingFor } from '../story/haunted-places.ts';
import { castle, church, house, lighthouse, skyline } from './buildings.ts';
import { grass, hills, mist, sea, sky } from './landscape.ts';
import { type MotifName, motifsOf } from './motifs.ts';
import { cat, ghost, graves, ship, train, trees } from './objects.ts';
import { PALETTES, type Palette } from './palette.ts';
import { HEIGHT, type Pen, WIDTH } from './svg.ts';

export type Scene = { svg: string; palette: Palette; motifs: MotifName[]; setting: string };

const DRAW: Record<MotifName, (pen: Pen) => string> = {
  lighthouse,
  ship,
  train,
  castle,
  church,
  skyline,
  house,
  graves,
  trees,
  cat,
};

/**
 * Draws a night scene of the things that the title mentions, or else the story. Equal arguments give equal pictures.
 * @param title may be empty
 */
export function drawScene(story: string, title: string): Scene {
  const random = seededRandom(`${title}\n${story}`);
  const palette = pick(random, PALETTES);
  const setting = settingFor(motifsOf(title, 1).length > 0 ? `${title} ${title} ${story}` : `${title} ${story}`).name;
  const motifs = motifsOf(title, 3).length > 0 ? motifsOf(title, 3) : motifsOf(story, 2);
  if (motifs.filter((name) => name !== 'cat').length === 0) motifs.unshift(setting === 'city' ? 'skyline' : 'house');
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeMarkup(title === '' ? 'A haunted night' : title)}</title>`,
    gradients(palette),
    sky(random, palette),
    ...(setting === 'sea' ? shore(random, palette, motifs) : land(random, palette, motifs)),
    '</svg>',
  ].join('\n');
  return { svg, palette, motifs, setting };
}

/** Reads title and palette back from a picture; null if `drawScene` did not draw it. */
export function describeScene(svg: string): (Pick<Scene, 'palette'> & { title: string }) | null {
  const title = /<title id="title">([^<]+)<\/title>/.exec(svg)?.[1];
  const palette = PALETTES.find((candidate) => svg.includes(gradients(candidate)));
  return title === undefined || palette === undefined ? null : { title: unescapeMarkup(title), palette };
}

/** Ships are drawn on the water, all other motifs on a headland. */
function shore(random: Random, palette: Palette, motifs: MotifName[]): string[] {
  const left = random() < 0.5;
  const headland = (x: number) => (left ? x : WIDTH - x);
  const ashore = motifs.filter((name) => name !== 'ship');
  const sailing = motifs.includes('ship') || ashore.length === 0;
  return [
    hills(random, 412, 16, palette.far),
    sea(random, 430, palette),
    sailing ? ship({ random, palette, x: headland(780), y: 500, scale: 0.9 }) : '',
    `<path d="M${headland(0)} ${HEIGHT} L${headland(0)} 470 Q${headland(150)} 444 ${headland(300)} 468 Q${headland(430)} 500 ${headland(470)} ${HEIGHT} Z" fill="${palette.near}"/>`,
    ...ashore
      .slice(0, 2)
      .map((name, index) =>
        DRAW[name]({ random, palette, x: headland(190 + index * 160), y: 468, scale: 1 - index * 0.3 }),
      ),
    mist(random, 470, palette),
    ghost({ random, palette, x: headland(between(random, 540, 620)), y: 535, scale: 1 }),
    ghost({ random, palette, x: headland(between(random, 900, 1080)), y: 520, scale: 0.55 }),
    grass(random, palette),
  ];
}

/** The first motif is drawn on one side, the second on the other, the third between them. */
function land(random: Random, palette: Palette, motifs: MotifName[]): string[] {
  const side = random() < 0.5 ? 1 : -1;
  const at = (offset: number) => WIDTH / 2 + side * offset;
  const offsets = [-220, 280, 40];
  return [
    hills(random, 400, 46, palette.far),
    mist(random, 430, palette),
    hills(random, 470, 26, palette.middle),
    ...motifs.map((name, index) =>
      DRAW[name]({ random, palette, x: at(offsets[index] ?? 0), y: 500, scale: index === 0 ? 1.1 : 0.85 }),
    ),
    hills(random, 520, 14, palette.near),
    mist(random, 520, palette),
    ghost({ random, palette, x: at(between(random, 20, 90)), y: 565, scale: 1.1 }),
    ghost({ random, palette, x: at(between(random, 420, 520)), y: 520, scale: 0.5 }),
    grass(random, palette),
  ];
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
