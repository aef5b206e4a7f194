import { between } from '../seeded-random.ts';
import { group, n, type Pen, path, rectangle } from './svg.ts';

export function lighthouse(pen: Pen): string {
  const { palette } = pen;
  const beam = (d: string) => path(d, 'url(#beam)', ' opacity="0.55"');
  return group(
    pen,
    [
      beam('M0 -262 L-900 -400 L-900 -190 Z'),
      beam('M0 -262 L620 -330 L620 -170 Z'),
      path('M-90 0 Q-60 -34 0 -40 Q60 -34 90 0 Z', palette.near),
      path('M-34 -30 L-20 -236 L20 -236 L34 -30 Z', palette.middle),
      path(
        'M-30 -90 L-26.5 -140 L26.5 -140 L30 -90 Z M-24 -180 L-21.5 -215 L21.5 -215 L24 -180 Z',
        palette.mist,
        ' opacity="0.5"',
      ),
      rectangle(-28, -244, 56, 9, palette.near),
      rectangle(-15, -278, 30, 34, palette.glow),
      `<circle cx="0" cy="-262" r="46" fill="url(#lamp)"/>`,
      path('M-20 -278 L0 -304 L20 -278 Z', palette.near),
      rectangle(-5, -120, 10, 16, palette.glow, ' opacity="0.85"'),
    ].join(''),
  );
}

export function house(pen: Pen): string {
  const { palette, random } = pen;
  const windows = [
    [-62, -96],
    [-12, -96],
    [38, -96],
    [-62, -46],
    [44, -46],
    [-4, -158],
  ].map(([x = 0, y = 0]) => {
    const lit = random() < 0.6;
    return rectangle(x, y, 22, 28, lit ? palette.glow : palette.far, lit ? '' : ' opacity="0.5"');
  });
  return group(
    pen,
    [
      rectangle(50, -210, 20, 60, palette.near),
      rectangle(-84, -120, 168, 124, palette.near),
      path('M-104 -116 L-40 -190 L0 -214 L40 -190 L104 -116 Z', palette.near),
      ...windows,
      rectangle(-10, -44, 24, 46, palette.middle),
      `<circle cx="0" cy="-60" r="150" fill="url(#lamp)" opacity="0.35"/>`,
    ].join(''),
  );
}

export function castle(pen: Pen): string {
  const { palette } = pen;
  const tower = (x: number, height: number, width: number) =>
    rectangle(x - width / 2, -height, width, height + 4, palette.near) +
    path(
      `M${n(x - width / 2 - 7)} ${n(-height)} L${n(x)} ${n(-height - width * 1.5)} L${n(x + width / 2 + 7)} ${n(-height)} Z`,
      palette.near,
    ) +
    rectangle(x - 4, -height + 22, 8, 18, palette.glow);
  return group(
    pen,
    [
      tower(-112, 150, 40),
      tower(112, 168, 44),
      tower(-36, 214, 50),
      tower(46, 186, 34),
      rectangle(-120, -84, 240, 88, palette.near),
      path('M-18 4 L-18 -34 Q0 -62 18 -34 L18 4 Z', palette.glow, ' opacity="0.8"'),
      `<circle cx="0" cy="-90" r="190" fill="url(#lamp)" opacity="0.25"/>`,
    ].join(''),
  );
}

export function church(pen: Pen): string {
  const { palette } = pen;
  const arch = (x: number) => path(`M${x} -28 L${x} -54 Q${x + 8} -70 ${x + 16} -54 L${x + 16} -28 Z`, palette.glow);
  return group(
    pen,
    [
      path('M-100 4 L-100 -78 L-20 -132 L60 -78 L60 4 Z', palette.near),
      rectangle(40, -176, 52, 180, palette.near),
      path('M34 -174 L66 -262 L98 -174 Z', palette.near),
      path('M64 -262 L64 -290 M54 -280 L74 -280', 'none', ` stroke="${palette.near}" stroke-width="5"`),
      arch(-76),
      arch(-42),
      arch(-8),
      path('M58 -120 L58 -142 Q66 -156 74 -142 L74 -120 Z', palette.glow),
    ].join(''),
  );
}

export function skyline(pen: Pen): string {
  const { palette, random } = pen;
  const blocks: string[] = [];
  let x = -330;
  while (x < 330) {
    const width = between(random, 42, 86);
    const height = between(random, 90, 250) * (1 - Math.abs(x) / 900);
    blocks.push(rectangle(x, -height, width + 1, height + 6, palette.near));
    for (let wx = x + 8; wx < x + width - 12; wx += 16) {
      for (let wy = -height + 14; wy < -14; wy += 20) {
        if (random() < 0.32) blocks.push(rectangle(wx, wy, 7, 9, palette.glow, ' opacity="0.85"'));
      }
    }
    x += width;
  }
  return group(pen, blocks.join(''));
}
