import { between, type Random } from '../seeded-random.ts';
import type { Palette } from './palette.ts';
import { HEIGHT, n, path, rectangle, WIDTH } from './svg.ts';

/** The sky: a gradient, stars, the moon and thin clouds. */
export function sky(random: Random, palette: Palette, hasMoon = true): string {
  const stars = Array.from({ length: 90 }, () => {
    const y = between(random, 8, 330);
    return `<circle cx="${n(between(random, 0, WIDTH))}" cy="${n(y)}" r="${n(between(random, 0.5, 1.8))}" fill="${palette.moon}" opacity="${n(between(random, 0.3, 0.9) * (1 - y / 480))}"/>`;
  });
  const moonX = between(random, 0.16, 0.84) * WIDTH;
  const moonY = between(random, 110, 190);
  const moonRadius = between(random, 42, 66);
  const crater = (dx: number, dy: number, radius: number) =>
    `<circle cx="${n(moonX + dx * moonRadius)}" cy="${n(moonY + dy * moonRadius)}" r="${n(radius * moonRadius)}" fill="${palette.mist}" opacity="0.35"/>`;
  const moon = [
    `<circle cx="${n(moonX)}" cy="${n(moonY)}" r="${n(moonRadius * 3.4)}" fill="url(#halo)"/>`,
    `<circle cx="${n(moonX)}" cy="${n(moonY)}" r="${n(moonRadius)}" fill="${palette.moon}"/>`,
    crater(-0.3, -0.2, 0.2),
    crater(0.32, 0.28, 0.26),
    crater(0.2, -0.45, 0.12),
  ];
  return [
    rectangle(0, 0, WIDTH, HEIGHT, 'url(#sky)'),
    ...stars,
    ...(hasMoon ? moon : []),
    ...clouds(random, palette),
  ].join('');
}

function clouds(random: Random, palette: Palette): string[] {
  return Array.from({ length: 5 }, () => {
    const x = between(random, 0, WIDTH);
    const y = between(random, 90, 300);
    return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(between(random, 120, 300))}" ry="${n(between(random, 5, 14))}" fill="${palette.mist}" opacity="0.14"/>`;
  });
}

/** A range of hills from edge to edge, with peaks around `y`; smooth when `roughness` is small. */
export function hills(random: Random, y: number, roughness: number, fill: string): string {
  const steps = 6;
  let d = `M0 ${HEIGHT} L0 ${n(y + between(random, -roughness, roughness))}`;
  for (let step = 1; step <= steps; step += 1) {
    const x = (WIDTH / steps) * step;
    const peak = y + between(random, -roughness, roughness);
    d += ` Q${n(x - WIDTH / steps / 2)} ${n(peak - roughness)} ${n(x)} ${n(y + between(random, -roughness, roughness) / 2)}`;
  }
  return path(`${d} L${WIDTH} ${HEIGHT} Z`, fill);
}

/** Water from `y` down, with glints of moonlight. */
export function sea(random: Random, y: number, palette: Palette): string {
  const glints = Array.from({ length: 46 }, () => {
    const depth = random();
    const width = between(random, 14, 50) * (0.4 + depth);
    return `<rect x="${n(between(random, -20, WIDTH))}" y="${n(y + 6 + depth * (HEIGHT - y))}" width="${n(width)}" height="2" rx="1" fill="${palette.moon}" opacity="${n(between(random, 0.1, 0.4))}"/>`;
  });
  return rectangle(0, y, WIDTH, HEIGHT - y, 'url(#water)') + glints.join('');
}

/** Mist over the ground at `y`. */
export function mist(random: Random, y: number, palette: Palette): string {
  return Array.from({ length: 4 }, () => {
    const x = between(random, 0, WIDTH);
    return `<ellipse cx="${n(x)}" cy="${n(y + between(random, -14, 22))}" rx="${n(between(random, 220, 460))}" ry="${n(between(random, 14, 30))}" fill="${palette.mist}" opacity="0.13"/>`;
  }).join('');
}

/** Grass along the lower edge. */
export function grass(random: Random, palette: Palette): string {
  let d = `M0 ${HEIGHT}`;
  for (let x = 0; x < WIDTH; x += 9) {
    const height = between(random, 8, 34);
    d += ` L${n(x + between(random, -5, 7))} ${n(HEIGHT - height)} L${n(x + 5)} ${n(HEIGHT - 4)}`;
  }
  return path(`${d} L${WIDTH} ${HEIGHT} Z`, palette.near);
}
