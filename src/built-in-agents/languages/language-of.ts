import { detect } from 'tinyld/light';

/** The languages that the built-in agents have words in. */
export const LANGUAGES = ['en', 'es', 'de', 'fr', 'ar', 'hi', 'ja', 'zh', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language to tell a text in: the wanted one if the agents know it, else the text’s own, else English. A text in a
 * script without a known language is told in English words around its own.
 */
export function languageOf(text: string, wanted: string | undefined): string {
  const asked = wanted?.toLowerCase().split(/[-_]/)[0];
  if (asked !== undefined && isKnown(asked)) return asked;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // A name in another script, as in “a taxi in 東京”, does not decide. A word has more letters than one in Chinese characters.
  if (latin === 0 || latin < (letters - latin) * 4) {
    if (/[\u3040-\u30ff]/u.test(text)) return 'ja';
    if (/\p{Script=Han}/u.test(text)) return 'zh';
    if (/\p{Script=Arabic}/u.test(text)) return 'ar';
    if (/\p{Script=Devanagari}/u.test(text)) return 'hi';
  }
  // A language of another script.
  if (letters > 0 && latin < letters / 2) return 'und';
  return latinLanguage(text.toLowerCase().slice(0, 500));
}

const isKnown = (language: string): language is Language => (LANGUAGES as readonly string[]).includes(language);

/** The words of a page in a language that the agents have no words in are English. */
export const wordsLanguage = (language: string): Language => (isKnown(language) ? language : 'en');

/** Short words decide where there are some; a detector of whole texts is unsure of a few words. */
function latinLanguage(text: string): string {
  const count = (words: RegExp) => text.match(words)?.length ?? 0;
  const counts: [Language, number][] = [
    [
      'en',
      count(
        /(?<!\p{L})(?:the|an?|of|and|that|who|in|is|my|for|with|to|his|her|by|at|on|no|one|it|was|were|are|not|from|into|this|she|he|they|you|your)(?!\p{L})/gu,
      ),
    ],
    ['es', count(/(?<!\p{L})(?:el|los|las|una?|del|que|en|y|con|por|para|su|es|mi)(?!\p{L})/gu)],
    ['de', count(/(?<!\p{L})(?:der|die|das|ein|eine|einen|und|von|vom|mit|im|am|ist|den|dem|zu)(?!\p{L})/gu)],
    [
      'pt',
      count(/(?<!\p{L})(?:os|um|uma|do|da|dos|das|no|na|nos|nas|em|que|e|com|para|por|seu|sua|é|não|ao)(?!\p{L})/gu),
    ],
    ['fr', count(/(?<!\p{L})(?:le|les|une?|du|des|et|qui|dans|avec|sur|est|deux|la|de)(?!\p{L})/gu)],
  ];
  const best = counts.reduce((one, other) => (other[1] > one[1] ? other : one));
  // A word like “an” is one of English and of German.
  const tied = counts.filter(([, words]) => words === best[1]).map(([language]) => language);
  const found = tied.length === 1 ? best[0] : detect(text, { only: tied });
  return best[1] > 0 || text.split(' ').length > 3 ? found || 'en' : 'en';
}

/** The direction in which a text in this language is written. */
export const directionOf = (language: string): 'rtl' | 'ltr' => (language === 'ar' ? 'rtl' : 'ltr');
