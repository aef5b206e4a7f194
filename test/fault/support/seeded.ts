/** True for `npm run test:fault`: everything at its full size. */
export const FULL = process.env['FAULT_TESTS'] === 'full';

/** Runs the same schedule of faults again: FAULT_SEED=… */
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;

export type Random = {
  /** From 0 on, below `limit`. */
  below(limit: number): number;
  oneOf<T>(list: readonly T[]): T;
};

/** Numbers that the printed seed repeats; each test has its own row of them. */
export function seeded(test: string): Random {
  console.log(`${test}: FAULT_SEED=${seed}`);
  let state = seed;
  for (const letter of test) state = (Math.imul(state, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  // mulberry32, a generator of 32 bits.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    oneOf(list) {
      const item = list[below(list.length)];
      if (item === undefined) throw new Error('nothing to choose from');
      return item;
    },
  };
}
