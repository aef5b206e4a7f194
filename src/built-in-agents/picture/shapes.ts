import { SHAPES } from '../things/shapes.ts';
import { castle, church, house, lighthouse, skyline } from './buildings.ts';
import { cat, ghost, graves, ship, train, trees } from './objects.ts';
import { n, type Pen } from './svg.ts';

/** The side of the square that the shapes of game-icons are drawn in. */
const SHAPE_SIZE = 512;

/** Things that are drawn for this scene; the others are silhouettes. */
const DRAWN: Record<string, (pen: Pen) => string> = {
  lighthouse,
  boat: ship,
  ship,
  train,
  castle,
  church,
  city: skyline,
  house,
  grave: graves,
  forest: trees,
  // It is a small animal, but what the idea names should be seen.
  cat: (pen) => cat({ ...pen, scale: pen.scale * 1.6 }),
  ghost,
};

/** Things that hang in the sky, shine, or swim: they have no ground under them. */
export const AIRBORNE = new Set(
  'bat dragon parrot owl raven butterfly bee ufo rocket satellite planet earth sun star witch balloon kite drone snow lightning rain music moon spider clown'.split(
    ' ',
  ),
);

export const isDrawn = (thing: string): boolean => DRAWN[thing] !== undefined;
export const canDraw = (thing: string): boolean => isDrawn(thing) || SHAPES[thing] !== undefined;

/**
 * Draws a thing that stands at the pen's position, `size` high for a silhouette. A silhouette stands before its own glow,
 * so that it is seen in front of dark hills too.
 */
export function drawThing(thing: string, pen: Pen, size: number): string {
  const drawn = DRAWN[thing];
  if (drawn !== undefined) return drawn({ ...pen, scale: pen.scale * (size / 240) });
  return silhouette(thing, pen, size, pen.palette.near, true);
}

/** @param glows whether light stands behind the shape and shines through its openings */
export function silhouette(thing: string, { x, y, palette }: Pen, size: number, fill: string, glows: boolean): string {
  const shape = SHAPES[thing];
  if (shape === undefined) return '';
  const scale = size / SHAPE_SIZE;
  const light = glows
    ? `<ellipse cx="${n(x)}" cy="${n(y - size / 2)}" rx="${n(size * 0.78)}" ry="${n(size * 0.72)}" fill="url(#lamp)" opacity="0.8"/>` +
      `<circle cx="${n(x)}" cy="${n(y - size / 2)}" r="${n(size * 0.36)}" fill="${palette.glow}" opacity="0.5"/>`
    : '';
  return `${light}<path transform="translate(${n(x - size / 2)} ${n(y - size)}) scale(${(scale).toFixed(3)})" d="${shape}" fill="${fill}"/>`;
}
