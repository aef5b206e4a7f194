import { between, type Random } from '../seeded-random.ts';
import type { Palette } from './palette.ts';
import { HEIGHT, n, path, rectangle, WIDTH } from './svg.ts';

/** A dark wall with an arched window, curtains and a sill to stand things on. */
export function windowFrame(random: Random, palette: Palette): string[] {
  const left = 210;
  const right = 990;
  const curtain = (x: number, towards: number) =>
    path(
      `M${x} 40 Q${n(x + towards * between(random, 150, 190))} 220 ${n(x + towards * 60)} 400 Q${n(x + towards * 95)} 480 ${n(x + towards * 70)} 572 L${x} 572 Z`,
      palette.near,
      ' opacity="0.92"',
    );
  return [
    path(
      `M0 0 L${WIDTH} 0 L${WIDTH} ${HEIGHT} L0 ${HEIGHT} Z M${left} 570 L${right} 570 L${right} 250 Q${right} 50 600 50 Q${left} 50 ${left} 250 Z`,
      palette.near,
      ' fill-rule="evenodd"',
    ),
    rectangle(596, 52, 9, 520, palette.near),
    rectangle(left, 290, right - left, 9, palette.near),
    curtain(left, 1),
    curtain(right, -1),
    rectangle(150, 570, 900, 22, palette.middle),
    rectangle(150, 592, 900, 8, palette.far),
  ];
}
