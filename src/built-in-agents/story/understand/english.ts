import nlp from 'compromise';
import { thingsIn } from '../../things/find-things.ts';
import { pronounsOf } from './people.ts';
import { emojiIn, type PlainIdea } from './plain-idea.ts';
import { readSentence } from './read-sentence.ts';
import { isProper, isSomebody } from './someone.ts';
import { key, type Raw, type Term, termOf, unique } from './terms.ts';
import type { Act, Someone, Understood } from './understood.ts';

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
  const [main, ...rest] = told
    .slice(0, 9)
    .map(readSentence)
    .filter((read) => read !== null);
  if (main === undefined) return null;
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
    // What can be drawn first: those are things that one could touch.
    things: things
      .filter((thing) => !known.has(key(thing)))
      .sort((one, another) => canBeSeen(another) - canBeSeen(one))
      .slice(0, 6),
    where: main.where ?? rest.find(({ where }) => where !== null)?.where ?? null,
  };
}

const canBeSeen = (thing: string): number => thingsIn(thing, 'en', 1).length;

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
