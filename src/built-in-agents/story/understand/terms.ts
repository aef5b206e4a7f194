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

export const WHERE = /^(?:under|in|on|at|behind|inside|near|above|below|beneath|beside|between)$/i;

const NOBODY =
  /^(?:nothing|something|anything|everything|nobody|somebody|anybody|everybody|someone|anyone|everyone|one|there|here|best)$/i;

/** Verbs that a parser may take for nouns: “the dolphins dance on a boat”. */
const MAYBE_VERB =
  /^(?:dance|dream|walk|work|sleep|play|travel|fight|fall|hide|race|visit|rest|march|cook|fish|hunt|swim|sail|ride|drive|drink|sing|cry|laugh|talk|wait|live|search|watch|return|guard|rule|run|lie|stand|sit|stop|whisper|dig|paint|plant|knit|haunt)s?$/i;

const ARTICLE = /^(?:an?|the|my|our|your|his|her|its|their)$/i;

/** The terms, with those made verbs that the parser takes for nouns: “who winds”, “sisters inherit a house”, “dolphins dance on”. */
export function withVerb(terms: Term[]): Term[] {
  const isVerb = ({ chunk, tags }: Term, at: number) => at > 0 && chunk === 'Verb' && tags.has('Verb');
  let found = terms.some(isVerb);
  return terms.map((term, at) => {
    const before = terms[at - 1];
    const next = terms[at + 1];
    const { text, tags } = term;
    if (before === undefined || !tags.has('Noun') || tags.has('Pronoun') || /^\p{Lu}/u.test(text)) return term;
    const afterNoun = before.tags.has('Noun');
    const isWho = /^(?:that|which|who)$/i.test(before.text) && text.endsWith('s');
    const hasObject = afterNoun && !term.comma && ARTICLE.test(next?.text ?? '') && !(found && !text.endsWith('s'));
    const ends =
      next === undefined || next.chunk === 'Pivot' || next.tags.has('Preposition') || next.tags.has('Adverb');
    if (!isWho && !hasObject && !(!found && afterNoun && ends && MAYBE_VERB.test(text))) return term;
    found = true;
    return { ...term, chunk: 'Verb', tags: new Set(['Verb', text.endsWith('s') ? 'PresentTense' : 'Infinitive']) };
  });
}

export const isVague = (terms: readonly Term[]): boolean =>
  VAGUE.test(terms.findLast(({ tags }) => tags.has('Noun'))?.text ?? '');

export const nounBefore = (terms: Term[], end: number): Term[] =>
  nounPhrases(terms.slice(0, Math.max(0, end))).at(-1) ?? [];

/** “Ignore all …”: somebody is told to do something. */
export const isCommand = ([first, second]: readonly Term[]): boolean =>
  /^(?:ignore|forget|disregard|print|show|tell|write|give|repeat|say|reveal|pretend|delete|answer|imagine|find|open|take)$/i.test(
    first?.text ?? '',
  ) && /^(?:all|the|an?|your|my|me|us|this|that|these|every)$/i.test(second?.text ?? '');

export function nounAfter(terms: Term[], from: number): Term[] {
  return nounPhrases(terms.slice(from))[0] ?? [];
}

/** Runs of adjectives and nouns, ended by a comma, a verb, a preposition or an article. */
export function nounPhrases(terms: readonly Term[]): Term[][] {
  const phrases: Term[][] = [[]];
  for (const [at, term] of terms.entries()) {
    const { tags } = term;
    const belongs =
      !terms[at - 1]?.tags.has('Copula') &&
      !tags.has('Place') &&
      term.chunk !== 'Verb' &&
      !NOBODY.test(term.text) &&
      !WHERE.test(term.text) &&
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
