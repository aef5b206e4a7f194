/** The colors of a night scene. */
export type Palette = {
  /** Used after “in”. */
  name: string;
  /** From the zenith to the horizon. */
  sky: [string, string, string];
  far: string;
  middle: string;
  near: string;
  moon: string;
  /** Lit windows, lamps. */
  glow: string;
  mist: string;
};

export const PALETTES: readonly Palette[] = [
  {
    name: 'violet and rose',
    sky: ['#0f0b26', '#3a2460', '#b0567f'],
    far: '#4a2f63',
    middle: '#2a1c45',
    near: '#130d26',
    moon: '#fff1dc',
    glow: '#ffc46b',
    mist: '#e6b8d2',
  },
  {
    name: 'deep blue and silver',
    sky: ['#050b1c', '#12305a', '#5f8fb4'],
    far: '#274a6e',
    middle: '#15304d',
    near: '#081625',
    moon: '#f2f7ff',
    glow: '#ffd98a',
    mist: '#bcd6ea',
  },
  {
    name: 'green and old gold',
    sky: ['#04120f', '#0f3a36', '#6fa36f'],
    far: '#23544a',
    middle: '#123630',
    near: '#061813',
    moon: '#fbf6cf',
    glow: '#ffd166',
    mist: '#bfe3c8',
  },
  {
    name: 'ember and ash',
    sky: ['#150a0a', '#4a1c1f', '#d0703c'],
    far: '#5b2a2a',
    middle: '#371a1d',
    near: '#170a0c',
    moon: '#ffe3b8',
    glow: '#ffb347',
    mist: '#f0c3a0',
  },
  {
    name: 'indigo and teal',
    sky: ['#070a24', '#1c2a6b', '#2f9c9c'],
    far: '#26407a',
    middle: '#182856',
    near: '#0a1130',
    moon: '#e9fffb',
    glow: '#ffe08a',
    mist: '#a9e4dd',
  },
  {
    name: 'grey and candlelight',
    sky: ['#0d0e12', '#2c303c', '#8d8478'],
    far: '#454853',
    middle: '#2b2d36',
    near: '#121318',
    moon: '#fff7e6',
    glow: '#ffcf7d',
    mist: '#d8d2c6',
  },
];
