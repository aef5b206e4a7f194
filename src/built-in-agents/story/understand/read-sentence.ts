import { actOf, fateOf, SAYS, splitClauses } from './acts.ts';
import { isBeing } from './people.ts';
import { placeIn } from './place.ts';
import { isProper, isSomebody, someoneFrom } from './someone.ts';
import {
  isCommand,
  isVague,
  key,
  nounAfter,
  nounBefore,
  nounPhrases,
  RELATIVE,
  type Term,
  unique,
  WHERE,
  withVerb,
  words,
} from './terms.ts';
import type { Someone, Understood } from './understood.ts';

/** Nobody carries these. */
const TOO_LARGE =
  /\b(?:city|town|village|hospital|hotel|forest|woods|cemetery|school|sea|ocean|world|mountain|river|lake|halls?|house|church|street|sky|earth)$/i;

/** “Make it scary” says nothing of anybody. */
const WISH = /^(?:make|do|keep|let|surprise|tell|write) (?:it|me|this|something|anything)\b/i;
/** What follows one of these is no verb. */
const DESCRIBES = /^(?:an?|the|my|our|your|his|her|its|their|of|with|for|by|in|on|at|from|under)$/i;

/** “The day the internet …”: of two nouns side by side the second one does it. */
function lastNoun(subject: Term[]): Term[] {
  const at = subject.findLastIndex(({ text }, index) => {
    const before = subject[index - 1];
    return /^(?:an?|the)$/i.test(text) && before?.tags.has('Noun') === true && !before.comma;
  });
  return at > 0 ? subject.slice(at) : subject;
}

/** Who does what to whom in one sentence; null: it names nobody and nothing. */
export function readSentence(read: Term[]): Understood | null {
  const terms = withVerb(read);
  if (WISH.test(words(terms.slice(0, 2)))) return null;
  const isVerb = (at: number) => {
    const term = terms[at];
    if (term === undefined || at === 0) return false;
    // “To a haunted lighthouse”, “for nurses that …”: what stands there describes or is a noun.
    if (DESCRIBES.test(terms[at - 1]?.text ?? '')) return false;
    if (/^(?:that|which|who)$/i.test(terms[at + 1]?.text ?? '') && !SAYS.test(term.text)) return false;
    return term.chunk === 'Verb' && term.tags.has('Verb') && !term.tags.has('Adverb');
  };
  const isName = ({ tags }: Term) => tags.has('Noun') || tags.has('Pronoun');
  const verbAt = terms.findIndex((_, at) => isVerb(at) && terms.slice(0, at).some(isName));
  const relativeAt = terms.findIndex(({ text }, at) => at > 0 && RELATIVE.test(text));
  const prepositionAt = terms.findIndex(
    ({ text, chunk }, at) => at > 0 && (chunk === 'Pivot' || WHERE.test(text)) && !/^of$/i.test(text),
  );
  const commaAt = terms.findIndex(({ comma, tags }) => comma && tags.has('Noun'));
  const ends = [verbAt, relativeAt, prepositionAt, commaAt + 1].filter((at) => at > 0);
  const subject = lastNoun(terms.slice(0, Math.min(...ends, terms.length)));
  const hasOwnSubject = relativeAt > 0 && /^(?:whose|where|when)$/i.test(terms[relativeAt]?.text ?? '');
  const clauseTerms = verbAt > 0 && !hasOwnSubject ? terms.slice(verbAt) : [];
  const question = /^(?:why|how|what|when|is|are|does|do|can)$/i.test(terms[0]?.text ?? '');
  const isOrder = subject.some(({ text: word }) => /n['’]t$|^not$/i.test(word));
  const pronoun = isOrder || isCommand(terms) || subject.every(({ tags }) => tags.has('Pronoun'));
  const people = terms.filter(({ tags, text }) => tags.has('Person') && /^\p{Lu}/u.test(text));
  const named = isOrder ? undefined : people.find(({ text }) => !subject.some((term) => term.text === text));
  const heroTerms =
    pronoun && named !== undefined
      ? [named]
      : question || pronoun
        ? nounAfter(terms, 1)
        : isVague(subject)
          ? nounBefore(terms, verbAt)
          : subject;
  const hero = someoneFrom(heroTerms.length > 0 ? heroTerms : nounAfter(terms, 0), words(clauseTerms));
  if (hero === null) return null;

  const place = placeIn(terms, heroTerms);
  const clauses = question || pronoun ? [] : splitClauses(clauseTerms, relativeAt > 0 && relativeAt < verbAt);
  const fate = pronoun && named !== undefined ? fateOf(terms) : [];
  const acts = [...fate, ...clauses].map((clause) => actOf(clause, hero, place)).filter((act) => act !== null);
  const nouns = nounPhrases(terms).filter((phrase) => !heroTerms.some((term) => term === phrase.at(-1)));
  const others = nouns.map((phrase) => someoneFrom(phrase, '')).filter((someone) => someone !== null);
  const isElsewhere = ({ name }: Someone) => (place ?? '').endsWith(name.replace(/^the /, ''));
  const somebody = others.filter((someone) => isSomebody(someone) && !isElsewhere(someone));
  const other = somebody.find(({ name }) => isProper(name)) ?? somebody[0] ?? null;
  const things = others
    .filter(
      (someone) =>
        someone !== other &&
        !isBeing(someone.name) &&
        !TOO_LARGE.test(someone.name) &&
        !/^\p{Lu}/u.test(someone.name) &&
        !(place ?? '').endsWith(key(someone.name)),
    )
    .map(({ name }) => name);
  return { hero, acts, other, things: unique(things), where: place };
}
