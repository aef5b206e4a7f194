/** True for `npm run test:fault`, which runs every test at its full size. */
export const FULL = process.env['FAULT_TESTS'] === 'full';

/** FAULT_SEED=… repeats a schedule of faults. */
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;

export type Random = {
  /** An integer from 0 up to but without `limit`. */
  below(limit: number): number;
  oneOf<T>(list: readonly T[]): T;
};

/** A random number generator for one test. It prints the seed with which it can be repeated. */
export function seededRandom(test: string): Random {
  console.log(`${test}: FAULT_SEED=${seed}`);
  let state = seed;
  for (const letter of test) state = (Math.imul(state, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  // The mulberry32 algorithm.
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
