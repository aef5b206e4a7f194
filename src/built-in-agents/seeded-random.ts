import { createHash } from 'node:crypto';

/** Returns the next number: at least 0, less than 1. */
export type Random = () => number;

/** A pseudo-random generator that repeats itself for the same seed (sfc32, seeded with a SHA-256). */
export function seededRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed, 'utf8').digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** Picks an item of the list. @throws {RangeError} for an empty list */
export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** A random number between `min` and `max`. */
export function between(random: Random, min: number, max: number): number {
  return min + random() * (max - min);
}
