import { between, type Random } from '../seeded-random.ts';
import { grass, hills, mist, sea, sky } from './landscape.ts';
import { ghost } from './objects.ts';
import type { Palette } from './palette.ts';
import { AIRBORNE, drawThing, isDrawn, silhouette } from './shapes.ts';
import { HEIGHT, n, type Pen, path, WIDTH } from './svg.ts';
import { windowFrame } from './window-frame.ts';

export type Composition = {
  name: string;
  /** Whether the moon is in its sky. */
  hasMoon: boolean;
  draw: (random: Random, palette: Palette, things: readonly string[]) => string[];
};

const MAIN_SIZE = 270;
const at = (random: Random, palette: Palette, x: number, y: number): Pen => ({ random, palette, x, y, scale: 1 });

/** A thing on the ground, or in the air above it. */
function place(thing: string, pen: Pen, size: number): string {
  const lift = AIRBORNE.has(thing) ? size * 0.75 : 0;
  return drawThing(thing, { ...pen, y: pen.y - lift }, size);
}

/** Hills under the sky: the first thing is large, the others stand smaller on both sides. */
const HILLS: Composition = {
  name: 'hills',
  hasMoon: true,
  draw: (random, palette, [main = 'house', second, third]) => {
    const side = random() < 0.5 ? 1 : -1;
    const x = (offset: number) => WIDTH / 2 + side * offset;
    return [
      sky(random, palette),
      hills(random, 400, 46, palette.far),
      mist(random, 430, palette),
      hills(random, 470, 26, palette.middle),
      second === undefined ? '' : place(second, at(random, palette, x(300), 492), 165),
      third === undefined ? '' : place(third, at(random, palette, x(-410), 500), 140),
      place(main, at(random, palette, x(-90), 512), MAIN_SIZE),
      hills(random, 528, 12, palette.near),
      mist(random, 520, palette),
      ...guest(random, palette, [main, second], x(470), 570),
      grass(random, palette),
    ];
  },
};

/** Water with a headland. Ships sail. */
export const SHORE: Composition = {
  name: 'shore',
  hasMoon: true,
  draw: (random, palette, things) => {
    const left = random() < 0.5;
    const x = (from: number) => (left ? from : WIDTH - from);
    const sailing = things.find((thing) => AFLOAT.has(thing));
    const [main = 'lighthouse', second, third] = things.filter((thing) => thing !== sailing);
    return [
      sky(random, palette),
      hills(random, 412, 16, palette.far),
      sea(random, 430, palette),
      sailing === undefined ? '' : drawThing(sailing, at(random, palette, x(760), 515), 220),
      second === undefined
        ? ''
        : reflected(second, at(random, palette, x(sailing === undefined ? 760 : 1020), 470), 170),
      path(
        `M${x(0)} ${HEIGHT} L${x(0)} 470 Q${x(150)} 444 ${x(300)} 468 Q${x(430)} 500 ${x(480)} ${HEIGHT} Z`,
        palette.near,
      ),
      place(main, at(random, palette, x(220), 470), MAIN_SIZE),
      third === undefined ? '' : place(third, at(random, palette, x(400), 500), 110),
      mist(random, 480, palette),
      ...guest(random, palette, [main, second, sailing], x(590), 560),
      grass(random, palette),
    ];
  },
};
const AFLOAT = new Set(['boat', 'ship', 'submarine', 'whale', 'shark', 'octopus', 'mermaid', 'swan', 'duck']);

function reflected(thing: string, pen: Pen, size: number): string {
  const { palette, x, y } = pen;
  return (
    place(thing, pen, size) +
    `<ellipse cx="${n(x)}" cy="${n(y + 6)}" rx="${n(size * 0.6)}" ry="8" fill="${palette.glow}" opacity="0.35"/>`
  );
}

/** The first thing, huge, in front of the moon. */
const MOONRISE: Composition = {
  name: 'moonrise',
  hasMoon: true,
  draw: (random, palette, [main = 'owl', second, third]) => {
    const x = WIDTH / 2 + between(random, -120, 120);
    const drawn = isDrawn(main);
    return [
      sky(random, palette, false),
      `<circle cx="${n(x)}" cy="330" r="470" fill="url(#halo)"/>`,
      `<circle cx="${n(x)}" cy="330" r="235" fill="${palette.moon}" opacity="0.95"/>`,
      `<circle cx="${n(x - 80)}" cy="250" r="40" fill="${palette.mist}" opacity="0.35"/><circle cx="${n(x + 110)}" cy="390" r="56" fill="${palette.mist}" opacity="0.3"/>`,
      hills(random, 520, 30, palette.middle),
      drawn
        ? drawThing(main, at(random, palette, x, 540), 330)
        : silhouette(main, at(random, palette, x, 530), 350, palette.near, false),
      second === undefined ? '' : place(second, at(random, palette, x < 600 ? x + 430 : x - 430, 540), 150),
      third === undefined ? '' : place(third, at(random, palette, x < 600 ? x - 380 : x + 380, 550), 120),
      hills(random, 560, 12, palette.near),
      mist(random, 545, palette),
      grass(random, palette),
    ];
  },
};

/** A room with a window: the things stand on the sill, the night is outside. */
const WINDOW: Composition = {
  name: 'window',
  hasMoon: true,
  draw: (random, palette, [main = 'candle', second, third]) => [
    sky(random, palette),
    hills(random, 430, 40, palette.far),
    hills(random, 480, 20, palette.middle),
    mist(random, 450, palette),
    ...windowFrame(random, palette),
    place(main, { ...at(random, palette, between(random, 540, 660), 572) }, isDrawn(main) ? 210 : 250),
    second === undefined ? '' : drawThing(second, at(random, palette, 330, 572), 150),
    third === undefined ? '' : drawThing(third, at(random, palette, 870, 572), 150),
  ],
};

/** A road that leads to the first thing, between trees, with the others beside it. */
const ROAD: Composition = {
  name: 'road',
  hasMoon: true,
  draw: (random, palette, [main = 'house', second, third]) => {
    const tree = (x: number, height: number) =>
      path(
        `M${n(x - 9)} ${HEIGHT} L${n(x - 4)} ${n(HEIGHT - height)} L${n(x + 5)} ${n(HEIGHT - height)} L${n(x + 10)} ${HEIGHT} Z M${n(x)} ${n(HEIGHT - height * 0.7)} L${n(x - 50)} ${n(HEIGHT - height - 30)} L${n(x - 4)} ${n(HEIGHT - height * 0.78)} L${n(x + 60)} ${n(HEIGHT - height - 60)} L${n(x + 4)} ${n(HEIGHT - height * 0.64)} Z`,
        palette.near,
      );
    return [
      sky(random, palette),
      hills(random, 410, 30, palette.far),
      hills(random, 470, 10, palette.middle),
      path(`M575 478 L625 478 L960 ${HEIGHT} L240 ${HEIGHT} Z`, palette.mist, ' opacity="0.22"'),
      place(main, at(random, palette, 600, 492), 235),
      mist(random, 480, palette),
      second === undefined ? '' : place(second, at(random, palette, 260, 590), 185),
      third === undefined ? '' : place(third, at(random, palette, 950, 590), 175),
      tree(60, 470),
      tree(1140, 500),
      tree(140, 330),
      tree(1050, 300),
      ...guest(random, palette, [main, second, third], between(random, 440, 760), 600),
      grass(random, palette),
    ];
  },
};

/** A hilltop below a wide sky in which the things appear, like constellations. */
const SKY: Composition = {
  name: 'sky',
  hasMoon: false,
  draw: (random, palette, [main = 'star', second, third]) => [
    sky(random, palette, false),
    hills(random, 560, 46, palette.middle),
    silhouette(second ?? 'star', at(random, palette, 230, 330), isSky(second), palette.moon, false),
    silhouette(third ?? 'planet', at(random, palette, 1010, 300), isSky(third), palette.moon, false),
    isDrawn(main)
      ? drawThing(main, at(random, palette, 600, 590), MAIN_SIZE)
      : silhouette(main, at(random, palette, 600, 470), 330, palette.moon, true),
    hills(random, 600, 16, palette.near),
    mist(random, 590, palette),
    grass(random, palette),
  ],
};
const isSky = (thing: string | undefined) => (thing === undefined ? 0 : 150);

/** One ghost, unless one of the things is a ghost already. */
function guest(
  random: Random,
  palette: Palette,
  things: readonly (string | undefined)[],
  x: number,
  y: number,
): string[] {
  return things.includes('ghost') ? [] : [ghost({ random, palette, x, y, scale: 0.75 })];
}

export const COMPOSITIONS: readonly Composition[] = [HILLS, MOONRISE, WINDOW, ROAD, SKY];
