import type { Random } from '../seeded-random.ts';
import type { Palette } from './palette.ts';

/** What a motif is drawn with, and where: `x` and `y` are the middle of its base. */
export type Pen = { random: Random; palette: Palette; x: number; y: number; scale: number };

export const WIDTH = 1200;
export const HEIGHT = 675;

/** Formats a coordinate with at most one decimal, to keep the file small. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Groups shapes drawn in the motif's own coordinates: the base is at 0 0, and up is negative. */
export function group({ x, y, scale }: Pen, shapes: string): string {
  return `<g transform="translate(${n(x)} ${n(y)}) scale(${n(scale)})">${shapes}</g>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${more}/>`;
}

export function path(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}"${more}/>`;
}
