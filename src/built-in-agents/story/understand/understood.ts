import type { Pronouns } from './people.ts';

/** Something that somebody does, in the forms that the prose needs. */
export type Act = { past: string; infinitive: string; gerund: string };

export type Someone = { name: string; pronouns: Pronouns; isPlural: boolean };

/** What an English idea tells: who does what, to whom, with what, and where. */
export type Understood = {
  hero: Someone;
  /** What the hero does; may be empty. */
  acts: Act[];
  /** Somebody else in the idea. */
  other: Someone | null;
  /** Further things, with an article; may be empty. */
  things: string[];
  /** Such as `in Paris`; null if the idea names no place. */
  where: string | null;
};
