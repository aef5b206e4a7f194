import { between } from '../seeded-random.ts';
import { group, n, type Pen, path, rectangle } from './svg.ts';

export function ship(pen: Pen): string {
  const { palette } = pen;
  return group(
    pen,
    [
      path('M-120 -34 Q0 -20 124 -44 L92 6 Q0 18 -88 6 Z', palette.near),
      rectangle(-46, -206, 6, 180, palette.near),
      rectangle(26, -232, 6, 206, palette.near),
      path(
        'M-50 -196 Q-104 -130 -92 -62 L-48 -56 Z M-38 -190 Q14 -130 6 -60 L-38 -56 Z',
        palette.mist,
        ' opacity="0.62"',
      ),
      path('M22 -222 Q-22 -140 -10 -60 L24 -56 Z M34 -216 Q104 -140 92 -64 L34 -58 Z', palette.mist, ' opacity="0.75"'),
      path('M32 -232 L70 -222 L32 -212 Z', palette.glow),
      `<circle cx="108" cy="-58" r="26" fill="url(#lamp)"/><circle cx="108" cy="-58" r="4" fill="${palette.glow}"/>`,
    ].join(''),
  );
}

export function train(pen: Pen): string {
  const { palette } = pen;
  const car = (x: number) =>
    `<rect x="${n(x)}" y="-66" width="128" height="56" rx="6" fill="${palette.near}"/>` +
    [14, 42, 70, 98].map((dx) => rectangle(x + dx, -54, 18, 20, palette.glow)).join('') +
    [26, 100].map((dx) => `<circle cx="${n(x + dx)}" cy="-6" r="10" fill="${palette.near}"/>`).join('');
  return group(
    pen,
    [
      rectangle(-420, 2, 900, 4, palette.near),
      car(-330),
      car(-196),
      car(-62),
      path('M72 -10 L72 -80 L104 -80 L104 -56 L176 -56 Q196 -50 200 -10 Z', palette.near),
      rectangle(150, -84, 16, 30, palette.near),
      rectangle(80, -72, 16, 20, palette.glow),
      [96, 132, 170].map((x) => `<circle cx="${x}" cy="-4" r="12" fill="${palette.near}"/>`).join(''),
      path(
        'M198 -42 L430 -92 L430 10 Z',
        'url(#beam)',
        ' opacity="0.5" transform="translate(396 -84) scale(-1 1) translate(-198 42)"',
      ),
      [0, 1, 2, 3]
        .map(
          (puff) =>
            `<circle cx="${158 - puff * 34}" cy="${-104 - puff * 18}" r="${14 + puff * 9}" fill="${palette.mist}" opacity="${n(0.4 - puff * 0.08)}"/>`,
        )
        .join(''),
    ].join(''),
  );
}

export function trees(pen: Pen): string {
  const { palette, random } = pen;
  const firs: string[] = [];
  for (let x = -260; x <= 260; x += between(random, 34, 62)) {
    const height = between(random, 110, 250);
    const half = height * 0.2;
    const tier = (from: number, to: number, width: number) =>
      `M${n(x - width)} ${n(-height * from)} L${n(x)} ${n(-height * to)} L${n(x + width)} ${n(-height * from)} Z`;
    firs.push(
      rectangle(x - 4, -height * 0.2, 8, height * 0.2 + 8, palette.near),
      path([tier(0.1, 0.55, half), tier(0.36, 0.8, half * 0.78), tier(0.6, 1, half * 0.55)].join(' '), palette.near),
    );
  }
  return group(pen, firs.join(''));
}

export function graves(pen: Pen): string {
  const { palette, random } = pen;
  const stones = [-150, -94, -38, 20, 78, 132].map((x) => {
    const tilt = between(random, -9, 9);
    const height = between(random, 40, 66);
    const stone =
      random() < 0.35
        ? path(
            `M-6 6 L-6 ${n(-height)} L6 ${n(-height)} L6 6 Z M-20 ${n(-height * 0.72)} L20 ${n(-height * 0.72)} L20 ${n(-height * 0.55)} L-20 ${n(-height * 0.55)} Z`,
            palette.near,
          )
        : path(`M-18 6 L-18 ${n(-height + 16)} Q0 ${n(-height - 8)} 18 ${n(-height + 16)} L18 6 Z`, palette.near);
    return `<g transform="translate(${x} 0) rotate(${n(tilt)})">${stone}</g>`;
  });
  return group(pen, stones.join(''));
}

export function cat(pen: Pen): string {
  const { palette } = pen;
  return group(
    pen,
    [
      path('M-34 4 Q-44 -52 -12 -70 L-16 -98 L0 -86 Q12 -90 22 -86 L38 -98 L34 -66 Q44 -34 34 4 Z', palette.near),
      path('M30 0 Q84 -2 74 -52 Q70 -66 62 -56 Q72 -22 30 -16 Z', palette.near),
      `<circle cx="4" cy="-70" r="4" fill="${palette.glow}"/><circle cx="22" cy="-70" r="4" fill="${palette.glow}"/>`,
    ].join(''),
  );
}

export function ghost(pen: Pen): string {
  const { palette } = pen;
  return group(
    pen,
    [
      `<circle cx="0" cy="-52" r="110" fill="url(#halo)"/>`,
      path(
        'M-36 0 Q-40 -60 -32 -82 Q-20 -112 0 -112 Q20 -112 32 -82 Q40 -60 36 0 Q27 -15 18 0 Q9 14 0 0 Q-9 -15 -18 0 Q-27 14 -36 0 Z',
        palette.moon,
        ' opacity="0.86"',
      ),
      `<ellipse cx="-11" cy="-76" rx="5" ry="8" fill="${palette.near}"/><ellipse cx="11" cy="-76" rx="5" ry="8" fill="${palette.near}"/>`,
      `<ellipse cx="0" cy="-54" rx="4.5" ry="7" fill="${palette.near}" opacity="0.8"/>`,
    ].join(''),
  );
}
