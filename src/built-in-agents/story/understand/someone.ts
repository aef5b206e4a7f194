import { isBeing, pronounsOf, THEY } from './people.ts';
import { type Term, words } from './terms.ts';
import type { Someone } from './understood.ts';

export const isProper = (name: string) => /^\p{Lu}/u.test(name);

/** “Other people’s dreams” are nobody. */
export const isSomebody = ({ name }: Someone) => !/['’]s /.test(name) && (isProper(name) || isBeing(name));

export function someoneFrom(terms: readonly Term[], clause: string): Someone | null {
  const kept = terms.filter(
    ({ text }) =>
      !/^(?:an?|the|my|our|your|her|his|their|its|this|that|some|other|every|each|no|few|own|several|many|more|perhaps|all|both)$/i.test(
        text,
      ),
  );
  const bare = words(kept.slice(0, 7));
  if (bare === '' || !/[\p{L}\p{N}]/u.test(bare)) return null;
  const last = kept.at(-1);
  const isList = kept.some(({ text }) => text.toLowerCase() === 'and');
  const isPlural = isList || (last?.tags.has('Plural') ?? false) || /^(?:two|three|four|five|six|seven)\b/i.test(bare);
  const proper = kept.every(({ text, tags }) => tags.has('ProperNoun') || /^\p{Lu}/u.test(text) || text === 'and');
  const article = /^the$/i.test(terms[0]?.text ?? '') && proper ? 'the ' : '';
  const name = /^\d+$/.test(bare)
    ? `the number ${bare}`
    : proper || (last?.tags.has('Person') && /^\p{Lu}/u.test(last.text))
      ? `${article}${bare}`
      : `the ${lower(bare)}`;
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
