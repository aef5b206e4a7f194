import { RELATIVE, type Term, words } from './terms.ts';

const PLACE_WORD =
  /\b(?:city|town|village|house|mansion|hospital|hotel|castle|forest|woods|cemetery|graveyard|school|library|station|attic|cellar|harbour|harbor|island|sea|ocean|desert|market|church|cathedral|theat(?:re|er)|museum|street|garden|bakery|kitchen|world|moon|lake|river|mountain|supermarket|freezer|train|ship|tower)\b/i;
const PREPOSITION = /^(?:in|on|at|under|inside|beneath|near|below|above|behind|beside)$/i;

/** A preposition with a place after it. */
export function placeIn(terms: readonly Term[], hero: readonly Term[]): string | null {
  for (const [at, { text }] of terms.entries()) {
    if (!PREPOSITION.test(text)) continue;
    const end = terms.findIndex(
      (term, index) =>
        index > at &&
        (term.chunk !== 'Noun' ||
          /^(?:and|or)$/i.test(term.text) ||
          term.tags.has('Pronoun') ||
          RELATIVE.test(term.text)),
    );
    const phrase = terms.slice(at + 1, end === -1 ? terms.length : end).slice(0, 5);
    const isPlace = phrase.some((term) => term.tags.has('Place')) || PLACE_WORD.test(words(phrase));
    if (!isPlace || phrase.length === 0 || phrase.some((term) => hero.includes(term))) continue;
    return `${text.toLowerCase()} ${words(phrase).replace(/^(?:an?|my|our|your) /i, 'the ')}`;
  }
  return null;
}
