/** Words in a piece: about what a person reads at a glance. */
const WORDS = 6;
/** Characters in a piece of a script that puts no spaces between words. */
const CHARACTERS = 10;

/** Splits a text into short pieces that are shown one after the other. Joined, they are the text. */
export function inPieces(text: string): string[] {
  return text.match(new RegExp(`(?:\\s*\\S{1,${CHARACTERS}}){1,${WORDS}}\\s*`, 'gu')) ?? [];
}
