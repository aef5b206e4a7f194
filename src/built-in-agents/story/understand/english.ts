import nlp from 'compromise';
import { isBeing, type Pronouns, pronounsOf, THEY } from './people.ts';
import { emojiIn, type PlainIdea } from './plain-idea.ts';

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

type Term = { text: string; tags: Set<string>; chunk: string; comma: boolean };

const PLACE_WORD =
  /\b(?:city|town|village|house|mansion|hospital|hotel|castle|forest|woods|cemetery|graveyard|school|library|station|attic|cellar|harbour|harbor|island|sea|ocean|desert|market|church|cathedral|theat(?:re|er)|museum|street|garden|bakery|kitchen|world|moon|lake|river|mountain|supermarket|freezer|train|ship|tower)\b/i;
const PREPOSITION = /^(?:in|on|at|under|inside|beneath|near|below|above|behind|beside)$/i;
const RELATIVE = /^(?:that|who|which|whose|where|when)$/i;
/** The longest clause that is told: more would swallow the sentence around it. */
const MAX_CLAUSE_WORDS = 12;

/** Reads an idea. Accepts any text: what is not understood is left out. */
export function understandEnglish({ text, kind }: PlainIdea): Understood | null {
  if (kind === 'empty') return null;
  if (kind === 'emoji') return fromNames(emojiIn(text));
  if (kind === 'code') return fromProgram(text);
  const sentences = nlp(text)
    .json({ terms: { tags: true } })
    .map(({ terms }: { terms: Raw[] }) => terms.map(termOf).filter(({ text: word }: Term) => word !== ''))
    .filter((terms: Term[]) => terms.length > 0) as Term[][];
  const told = sentences.length > 3 ? aboutTheSame(sentences) : sentences;
  const [first, ...more] = told;
  if (first === undefined) return null;
  const main = readSentence(first);
  if (main === null) return null;
  const rest = more
    .slice(0, 8)
    .map(readSentence)
    .filter((read) => read !== null);
  const sameHero = rest.filter(({ hero }) => key(hero.name) === key(main.hero.name));
  const things = unique([...main.things, ...rest.flatMap((read) => read.things)]);
  const others = [main.other, ...rest.flatMap(({ other, hero }) => [other, hero])];
  const somebody = others.filter(
    (someone) => someone !== null && key(someone.name) !== key(main.hero.name) && isSomebody(someone),
  );
  const other = somebody.find((someone) => someone !== null && isProper(someone.name)) ?? somebody[0] ?? null;
  const known = new Set([key(main.hero.name), other === null ? '' : key(other.name)]);
  return {
    hero: main.hero,
    // Those with an object first: “winds the clock” tells more than “refuses”.
    acts: [...main.acts, ...sameHero.flatMap(({ acts }) => acts)]
      .sort((one, another) => Number(another.past.includes(' ')) - Number(one.past.includes(' ')))
      .slice(0, 4),
    other,
    things: things.filter((thing) => !known.has(key(thing))).slice(0, 6),
    where: main.where ?? rest.find(({ where }) => where !== null)?.where ?? null,
  };
}

type Raw = { text: string; post: string; tags: string[]; chunk?: string };
const termOf = ({ text, post, tags, chunk = '' }: Raw): Term => ({
  text: text.replace(/[^\p{L}\p{M}\p{N}'’.@-]/gu, '').replace(/^['’.-]+|['.’-]+$/gu, ''),
  tags: new Set(tags),
  chunk,
  comma: /[,;:]/.test(post),
});

const key = (name: string) => name.toLowerCase().split(' ').at(-1) ?? '';
const unique = (names: string[]) => names.filter((name, at) => names.findIndex((one) => key(one) === key(name)) === at);
const isProper = (name: string) => /^\p{Lu}/u.test(name);
/** “Other people’s dreams” are nobody. */
const isSomebody = ({ name }: Someone) => !/['’]s /.test(name) && (isProper(name) || isBeing(name));

/** The sentences about the name that a long text mentions most, in order. */
function aboutTheSame(sentences: Term[][]): Term[][] {
  const counts = new Map<string, number>();
  for (const { text, tags } of sentences.flat()) {
    if (tags.has('ProperNoun') && !tags.has('Place') && /^\p{Lu}/u.test(text))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const seen = new Set<string>();
  const about = sentences.filter((terms) => {
    const line = terms.map(({ text }) => text).join(' ');
    if (seen.has(line)) return false;
    seen.add(line);
    return most === undefined || terms.some(({ text }) => text === most);
  });
  const subjectFirst = about.findIndex((terms) => terms.slice(0, 2).some(({ text }) => text === most));
  return subjectFirst > 0 ? [...about.slice(subjectFirst), ...about.slice(0, subjectFirst)] : about;
}

function fromNames(names: string[]): Understood | null {
  const [hero, second, ...things] = names;
  if (hero === undefined) return null;
  const someone = (name: string): Someone => ({
    name: `the ${name}`,
    isPlural: false,
    pronouns: pronounsOf('', false, null, ''),
  });
  return {
    hero: someone(hero),
    acts: [],
    other: second === undefined ? null : someone(second),
    things: things.map((name) => `the ${name}`),
    where: null,
  };
}

function fromProgram(text: string): Understood {
  const hero = { name: text.replace(/^a /, 'the '), isPlural: false, pronouns: pronounsOf('', false, null, '') };
  return { hero, acts: [SELF_CALL], other: null, things: ['the keyboard', 'the screen'], where: null };
}

const SELF_CALL: Act = { past: 'called itself', infinitive: 'call itself', gerund: 'calling itself' };

function readSentence(terms: Term[]): Understood | null {
  const isVerb = (at: number) => {
    const term = terms[at];
    if (term === undefined || at === 0) return false;
    return term.chunk === 'Verb' && term.tags.has('Verb') && !term.tags.has('Adverb');
  };
  const isName = ({ tags }: Term) => tags.has('Noun') || tags.has('Pronoun');
  const verbAt = terms.findIndex((_, at) => isVerb(at) && terms.slice(0, at).some(isName));
  const relativeAt = terms.findIndex(({ text }, at) => at > 0 && RELATIVE.test(text));
  const prepositionAt = terms.findIndex(({ text, chunk }, at) => at > 0 && chunk === 'Pivot' && !/^of$/i.test(text));
  const commaAt = terms.findIndex(({ comma, tags }) => comma && tags.has('Noun'));
  const ends = [verbAt, relativeAt, prepositionAt, commaAt + 1].filter((at) => at > 0);
  const subject = terms.slice(0, Math.min(...ends, terms.length));
  const hasOwnSubject = relativeAt > 0 && /^(?:whose|where|when)$/i.test(terms[relativeAt]?.text ?? '');
  const clauseTerms = verbAt > 0 && !hasOwnSubject ? terms.slice(verbAt) : [];
  const question = /^(?:why|how|what|when|is|are|does|do|can)$/i.test(terms[0]?.text ?? '');
  const isOrder = subject.some(({ text: word }) => /n['’]t$|^not$/i.test(word));
  const pronoun = isOrder || subject.every(({ tags }) => tags.has('Pronoun'));
  const people = terms.filter(({ tags, text }) => tags.has('Person') && /^\p{Lu}/u.test(text));
  const named = isOrder ? undefined : people.find(({ text }) => !subject.some((term) => term.text === text));
  const heroTerms = pronoun && named !== undefined ? [named] : question || pronoun ? nounAfter(terms, 1) : subject;
  const hero = someoneFrom(heroTerms.length > 0 ? heroTerms : nounAfter(terms, 0), words(clauseTerms));
  if (hero === null) return null;

  const place = placeIn(terms, heroTerms);
  const clauses = question || pronoun ? [] : splitClauses(clauseTerms);
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

/** What “you” did, in a text that speaks to somebody: “but you died in 1912”. */
function fateOf(terms: Term[]): Term[][] {
  const at = terms.findLastIndex(({ text }, index) => /^you$/i.test(text) && terms[index + 1]?.chunk === 'Verb');
  return at === -1 ? [] : [terms.slice(at + 1)];
}

/** Nouns that are nothing one could see or touch. */
const VAGUE =
  /^(?:night|midnight|morning|evening|day|time|year|hour|bottom|top|end|way|home|answer|dark|chapter|lot|kind|side|part|class)s?$/i;

/** Nobody carries these. */
const TOO_LARGE =
  /\b(?:city|town|village|hospital|hotel|forest|woods|cemetery|school|sea|ocean|world|mountain|river|lake|halls?|house|church|street|sky|earth)$/i;

const words = (terms: readonly Term[]) => terms.map(({ text }) => text).join(' ');

function nounAfter(terms: Term[], from: number): Term[] {
  return nounPhrases(terms.slice(from))[0] ?? [];
}

/** Runs of adjectives and nouns, ended by a comma, a verb, a preposition or an article. */
function nounPhrases(terms: readonly Term[]): Term[][] {
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

function someoneFrom(terms: readonly Term[], clause: string): Someone | null {
  const kept = terms.filter(
    ({ text }) => !/^(?:an?|the|my|our|your|her|his|their|its|this|that|some|other|every|each|no)$/i.test(text),
  );
  const bare = words(kept.slice(0, 7));
  if (bare === '' || !/[\p{L}\p{N}]/u.test(bare)) return null;
  const last = kept.at(-1);
  const isList = kept.some(({ text }) => text.toLowerCase() === 'and');
  const isPlural = isList || (last?.tags.has('Plural') ?? false) || /^(?:two|three|four|five|six|seven)\b/i.test(bare);
  const proper = kept.every(({ text, tags }) => tags.has('ProperNoun') || /^\p{Lu}/u.test(text) || text === 'and');
  const article = /^the$/i.test(terms[0]?.text ?? '') && proper ? 'the ' : '';
  const name =
    proper || (last?.tags.has('Person') && /^\p{Lu}/u.test(last.text)) ? `${article}${bare}` : `the ${lower(bare)}`;
  const gender = kept.some(({ tags }) => tags.has('FemaleName'))
    ? 'f'
    : kept.some(({ tags }) => tags.has('MaleName'))
      ? 'm'
      : null;
  const pronouns = isList ? THEY : pronounsOf(bare, isPlural, gender, clause);
  // A role before a name is dropped: “pirate captain Rosa” is Rosa from here on.
  const isTitled = gender !== null && !isList && kept.length > 1 && last !== undefined && /^\p{Ll}/u.test(bare);
  return { name: cut(isTitled ? last.text : name), isPlural, pronouns };
}

const cut = (name: string) => (name.length > 60 ? `${[...name].slice(0, 58).join('')}…` : name);
/** Lower case for a word that is capitalized only because the idea begins with it. */
const lower = (phrase: string) =>
  /^\p{Lu}\p{Ll}/u.test(phrase) ? phrase.slice(0, 1).toLowerCase() + phrase.slice(1) : phrase;

/** A preposition with a place after it. */
function placeIn(terms: readonly Term[], hero: readonly Term[]): string | null {
  for (const [at, { text }] of terms.entries()) {
    if (!PREPOSITION.test(text)) continue;
    const end = terms.findIndex((term, index) => index > at && (term.chunk !== 'Noun' || RELATIVE.test(term.text)));
    const phrase = terms.slice(at + 1, end === -1 ? terms.length : end).slice(0, 5);
    const isPlace = phrase.some((term) => term.tags.has('Place')) || PLACE_WORD.test(words(phrase));
    if (!isPlace || phrase.length === 0 || phrase.some((term) => hero.includes(term))) continue;
    return `${text.toLowerCase()} ${words(phrase).replace(/^(?:an?|my|our|your) /i, 'the ')}`;
  }
  return null;
}

/** The clauses of one subject: split before a verb that follows “and”, “but” or a comma. */
function splitClauses(terms: Term[]): Term[][] {
  const clauses: Term[][] = [[]];
  for (const [at, term] of terms.entries()) {
    const joins = /^(?:and|but|then|while|until|because|so)$/i.test(term.text);
    if (joins && (terms[at + 1]?.chunk === 'Verb' || !/^and$/i.test(term.text))) clauses.push([]);
    else clauses.at(-1)?.push(term);
  }
  return clauses.filter(([first]) => first?.chunk === 'Verb');
}

function actOf(clause: Term[], { isPlural }: Someone, place: string | null): Act | null {
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
