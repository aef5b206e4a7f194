import { LANGUAGES } from '../languages/language-of.ts';
import { WORDS } from './words.ts';

/** English words that are a thing only after an article, a possessive or a number: “winds the watch”, not “they watch”. */
const AMBIGUOUS = new Set(
  'watch ring rose bear duck well fly fair lock fire drum bridge mask stone saw present boot rice scales shop class star day camp turtle skeleton kite button code bug plane'.split(
    ' ',
  ),
);
const AFTER_ARTICLE =
  /(?:^|\s)(?:an?|the|my|your|his|her|its|our|their|this|that|every|one|two|three|four|five|seven|old|new|lost|last|first|haunted|golden|magic)\s+(?:\p{L}+\s+)?$/u;

/** The things that a text names, in its order, in any of the languages. At most `most`. */
export function thingsIn(text: string, language: string, most: number): string[] {
  const lower = ` ${text.toLowerCase().slice(0, 12_000)} `;
  const words = new Map<string, number>();
  for (const match of lower.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const isNoun = language !== 'en' || AFTER_ARTICLE.test(lower.slice(0, match.index));
    for (const form of formsOf(match[0])) {
      if (!words.has(form) && (isNoun || !AMBIGUOUS.has(form))) words.set(form, match.index);
    }
  }
  const column = (LANGUAGES as readonly string[]).indexOf(language);
  const found: { thing: string; at: number }[] = [];
  for (const [thing, { emoji, words: further, names }] of Object.entries(WORDS)) {
    const known = [...further, ...(names[Math.max(0, column)] ?? [])];
    const at = known.map((name) => position(name.toLowerCase(), lower, words)).filter((index) => index >= 0);
    const emojiAt = lower.indexOf(emoji);
    if (emojiAt >= 0) at.push(emojiAt);
    if (at.length > 0) found.push({ thing, at: Math.min(...at) });
  }
  return found
    .sort((one, other) => one.at - other.at)
    .slice(0, most)
    .map(({ thing }) => thing);
}

function position(name: string, text: string, words: ReadonlyMap<string, number>): number {
  if (name === '' || /^[夜光冷頭头顔]$/u.test(name)) return -1;
  // Scripts without spaces between words.
  if (/[\u3040-\u30ff\p{Script=Han}]/u.test(name)) return text.indexOf(name);
  return words.get(name) ?? -1;
}

/** Without their last letter they would be other words. */
const WHOLE = new Set(['mars', 'news', 'this']);

/** A word, and what may be left of it without an ending or an Arabic article. */
function formsOf(word: string): string[] {
  const forms = [word];
  if (/^[a-z]/.test(word)) {
    if (word.length > 4) forms.push(word.replace(/(?:es|s|n|en|e)$/, ''));
    if (word.length > 3 && word.endsWith('s') && !WHOLE.has(word)) forms.push(word.slice(0, -1));
  }
  if (word.startsWith('ال') || word.startsWith('وال')) forms.push(word.replace(/^و?ال/, ''));
  return forms;
}
