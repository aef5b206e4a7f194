import type { Random } from '../seeded-random.ts';
import type { Palette } from './palette.ts';

/** What a motif is drawn with: its place is the middle of its foot. */
export type Pen = { random: Random; palette: Palette; x: number; y: number; scale: number };

export const WIDTH = 1200;
export const HEIGHT = 675;

/** A coordinate with at most one decimal, so that the file stays small. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Draws in the motif's own coordinates: the foot is 0 0, upwards is negative. */
export function placed({ x, y, scale }: Pen, shapes: string): string {
  return `<g transform="translate(${n(x)} ${n(y)}) scale(${n(scale)})">${shapes}</g>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${more}/>`;
}

export function path(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}"${more}/>`;
}
