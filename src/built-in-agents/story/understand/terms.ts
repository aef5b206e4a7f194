/** A word of a sentence, as the parser sees it. */
export type Term = { text: string; tags: Set<string>; chunk: string; comma: boolean };

export type Raw = { text: string; post: string; tags: string[]; chunk?: string };
export const termOf = ({ text, post, tags, chunk = '' }: Raw): Term => ({
  text: text.replace(/[^\p{L}\p{M}\p{N}'’.@-]/gu, '').replace(/^['’.-]+|['.’-]+$/gu, ''),
  tags: new Set(tags),
  chunk,
  comma: /[,;:]/.test(post),
});

export const RELATIVE = /^(?:that|who|which|whose|where|when)$/i;

export const key = (name: string) => name.toLowerCase().split(' ').at(-1) ?? '';
export const unique = (names: string[]) =>
  names.filter((name, at) => names.findIndex((one) => key(one) === key(name)) === at);

export const words = (terms: readonly Term[]) => terms.map(({ text }) => text).join(' ');

/** Nouns that are nothing one could see or touch. */
const VAGUE =
  /^(?:night|midnight|morning|evening|day|time|year|hour|bottom|top|end|way|home|answer|dark|chapter|lot|kind|side|part|class)s?$/i;

export function nounAfter(terms: Term[], from: number): Term[] {
  return nounPhrases(terms.slice(from))[0] ?? [];
}

/** Runs of adjectives and nouns, ended by a comma, a verb, a preposition or an article. */
export function nounPhrases(terms: readonly Term[]): Term[][] {
  const phrases: Term[][] = [[]];
  for (const term of terms) {
    const { tags } = term;
    const belongs =
      !tags.has('Place') &&
      (tags.has('Noun') || tags.has('Adjective') || tags.has('PastTense') || tags.has('Value')) &&
      !tags.has('Pronoun') &&
      !tags.has('Determiner') &&
      !tags.has('Date');
    if (belongs && !(tags.has('PastTense') && term.chunk === 'Verb' && phrases.at(-1)?.length))
      phrases.at(-1)?.push(term);
    else phrases.push([]);
    if (term.comma) phrases.push([]);
  }
  return phrases
    .map((phrase) => phrase.slice(0, phrase.findLastIndex(({ tags }) => tags.has('Noun')) + 1))
    .filter((phrase) => phrase.length > 0 && !VAGUE.test(phrase.at(-1)?.text ?? ''));
}
