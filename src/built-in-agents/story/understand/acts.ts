import nlp from 'compromise';
import { type Term, words } from './terms.ts';
import type { Act, Someone } from './understood.ts';

/** The longest clause that is told: more would swallow the sentence around it. */
const MAX_CLAUSE_WORDS = 12;

/** What “you” did, in a text that speaks to somebody: “but you died in 1912”. */
export function fateOf(terms: Term[]): Term[][] {
  const at = terms.findLastIndex(({ text }, index) => /^you$/i.test(text) && terms[index + 1]?.chunk === 'Verb');
  return at === -1 ? [] : [terms.slice(at + 1)];
}

/** The clauses of one subject: split before a verb that follows “and”, “but” or a comma. */
export function splitClauses(terms: Term[]): Term[][] {
  const clauses: Term[][] = [[]];
  for (const [at, term] of terms.entries()) {
    const joins = /^(?:and|but|then|while|until|because|so)$/i.test(term.text);
    if (joins && (terms[at + 1]?.chunk === 'Verb' || !/^and$/i.test(term.text))) clauses.push([]);
    else clauses.at(-1)?.push(term);
  }
  return clauses.filter(([first]) => first?.chunk === 'Verb');
}

export function actOf(clause: Term[], { isPlural }: Someone, place: string | null): Act | null {
  const [verb, ...after] = clause;
  if (verb === undefined || clause.length > MAX_CLAUSE_WORDS + 6 || verb.tags.has('Negative')) return null;
  const rest = words(after.slice(0, MAX_CLAUSE_WORDS))
    .replace(/\b(?:my|your|our)\b/gi, 'the')
    .replace(/\b(?:me|us)\b/gi, 'somebody');
  const said =
    place !== null &&
    rest
      .replace(/\b(?:an?|my)\b/gi, 'the')
      .toLowerCase()
      .endsWith(place.toLowerCase());
  const short = said ? rest.split(' ').slice(0, -place.split(' ').length).join(' ') : rest;
  const plus = short === '' ? '' : ` ${short}`;
  const word = verb.text.toLowerCase();
  if (/^(?:am|is|are|was|were)$/.test(word)) {
    return { past: `${isPlural ? 'were' : 'was'}${plus}`, infinitive: `be${plus}`, gerund: `being${plus}` };
  }
  if (/^(?:can|could)$/.test(word))
    return { past: `could${plus}`, infinitive: `be able to${plus}`, gerund: `being able to${plus}` };
  if (verb.tags.has('Modal') || verb.tags.has('Auxiliary') || /^(?:do|does|did|has been)$/.test(word)) return null;
  const forms = nlp(`${verb.tags.has('Infinitive') ? 'they' : 'he'} ${word}`)
    .verbs()
    .conjugate()[0] as { PastTense?: string; Infinitive?: string; Gerund?: string } | undefined;
  if (forms?.PastTense === undefined || forms.Infinitive === undefined || forms.Gerund === undefined) return null;
  return {
    past: `${forms.PastTense}${plus}`,
    infinitive: `${forms.Infinitive}${plus}`,
    gerund: `${forms.Gerund}${plus}`,
  };
}
