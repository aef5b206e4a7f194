import nlp from 'compromise';
import { RELATIVE, type Term, words } from './terms.ts';
import type { Act, Someone } from './understood.ts';

/** The longest clause that is told: more would swallow the sentence around it. */
const MAX_CLAUSE_WORDS = 12;

/** What “you” did, in a text that speaks to somebody: “but you died in 1912”. */
export function fateOf(terms: Term[]): Term[][] {
  const at = terms.findLastIndex(({ text }, index) => /^you$/i.test(text) && terms[index + 1]?.chunk === 'Verb');
  return at === -1 ? [] : [terms.slice(at + 1)];
}

/**
 * The clauses of one subject: split before a verb that follows “and”, “but” or a comma. What another subject does is left out:
 * “and they were friends”.
 * @param isRelative whether the first clause is within the subject: “the man who winds the clock | has not aged”
 */
export function splitClauses(terms: Term[], isRelative: boolean): Term[][] {
  const clauses: Term[][] = [[]];
  let own = true;
  for (const [at, term] of terms.entries()) {
    if (JOINS.test(term.text) ? startsSubject(terms, at + 1) : terms[at - 1]?.comma && startsSubject(terms, at)) {
      own = false;
    }
    if (isSecondVerb(terms, at)) {
      own = isRelative;
      clauses.push([]);
    }
    if (!own) continue;
    const joins = JOINS.test(term.text);
    if (joins && (terms[at + 1]?.chunk === 'Verb' || !/^and$/i.test(term.text))) clauses.push([]);
    else clauses.at(-1)?.push(term);
  }
  return clauses.filter(([first]) => first?.chunk === 'Verb');
}

/** After these, “that” begins what is said. */
export const SAYS =
  /^(?:f(?:i|ou)nd|knows?|knew|learn|sees?|saw|hears?|say|says|said|dream|think|thought|believe|discover|remember|notice|fear|hope|tell|told|show|realises?|realizes?|claim|swear|insist|promise)/i;

const JOINS = /^(?:and|but|then|while|until|because|so)$/i;

/** A pronoun, or somebody, and a verb. */
function startsSubject(terms: Term[], from: number): boolean {
  if (terms[from]?.tags.has('Pronoun') && !terms[from]?.tags.has('Possessive')) return true;
  const verbAt = terms.findIndex(({ chunk }, index) => index >= from && chunk === 'Verb');
  return (
    verbAt > from && terms.slice(from, verbAt).every(({ chunk, tags }) => chunk === 'Noun' || tags.has('Preposition'))
  );
}

/** A finite verb of the main clause, after nouns that belong to a clause before it. */
function isSecondVerb(terms: Term[], at: number): boolean {
  const term = terms[at];
  const before = terms[at - 1];
  if (term === undefined || before === undefined || term.chunk !== 'Verb' || before.chunk !== 'Noun') return false;
  // “A floor nobody built”.
  if (/^(?:nobody|somebody|everybody|i|you|he|she|it|we|they)$/i.test(before.text)) return false;
  if (terms.slice(0, at).some(({ text }) => RELATIVE.test(text) || JOINS.test(text))) return false;
  return (
    ['PresentTense', 'Copula', 'Auxiliary', 'PastTense'].some((tag) => term.tags.has(tag)) &&
    !term.tags.has('Infinitive')
  );
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
  const bare = place === null ? short : short.replace(new RegExp(` ?${escaped(place)}`, 'i'), '').trim();
  if (/^(?:that|which|who)\b/i.test(bare) && !SAYS.test(verb.text)) return null;
  const plus = bare === '' ? '' : ` ${bare}`;
  const word = verb.text.toLowerCase();
  if (/^(?:am|is|are|was|were)$/.test(word)) {
    return { past: `${isPlural ? 'were' : 'was'}${plus}`, infinitive: `be${plus}`, gerund: `being${plus}` };
  }
  if (/^(?:can|could)$/.test(word))
    return { past: `could${plus}`, infinitive: `be able to${plus}`, gerund: `being able to${plus}` };
  if (/^(?:do|does|did)$/.test(word)) {
    return after[0]?.tags.has('Verb') ? null : { past: `did${plus}`, infinitive: `do${plus}`, gerund: `doing${plus}` };
  }
  if (/^lies?$/.test(word)) return { past: `lay${plus}`, infinitive: `lie${plus}`, gerund: `lying${plus}` };
  if (verb.tags.has('Modal') || verb.tags.has('Auxiliary') || /^(?:has been)$/.test(word)) return null;
  const forms = nlp(`${verb.tags.has('Infinitive') ? 'they' : 'he'} ${word}`)
    .verbs()
    .conjugate()[0] as { PastTense?: string; Infinitive?: string; Gerund?: string } | undefined;
  if (forms?.PastTense === undefined || forms.Infinitive === undefined || forms.Gerund === undefined) return null;
  return {
    past: `${forms.PastTense}${plus}`,
    infinitive: `${forms.Infinitive}${plus}`,
    gerund: `${forms.Gerund}${plus}`.replace(/^having not /, 'not having '),
  };
}

/** “The” and “a” are the same here. */
const escaped = (place: string) => place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\bthe\b/gi, '(?:the|an?)');
