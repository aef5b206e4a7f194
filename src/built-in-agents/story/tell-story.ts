import tracery from 'tracery-grammar';
import { pick, type Random, seededRandom } from '../seeded-random.ts';
import { taleRules } from './grammar.ts';
import { type OwnWords, ownWords } from './own-words.ts';
import type { Setting } from './setting.ts';
import { settingFor } from './setting-for.ts';

export type Tale = {
  title: string;
  /** Six paragraphs, parted by empty lines: 150 to 400 words. */
  story: string;
  /** The idea, a dash, and one sentence. */
  summary: string;
  setting: Setting['name'];
};

/** Tells a haunted tale around the user's words; the same words, the same tale. */
export function tellStory(input: string): Tale {
  const words = ownWords(input);
  const random = seededRandom(input);
  const setting = settingFor(words.idea);
  const town = pick(random, setting.town);
  const local = pick(random, setting.local);
  const hero = pick(random, HEROES);
  const tale = expand(taleRules(setting), '#tale#', random);
  return {
    title: capitalized(words.idea),
    story: fill(tale, {
      ...names(words),
      ...hero.forms,
      hero: hero.name,
      first: hero.name.split(' ')[0] ?? '',
      town,
      local,
    }),
    summary: `${words.idea} — ${hero.name} comes to ${town} to prove it false, and is answered.`,
    setting: setting.name,
  };
}

/** Tracery's source of randomness belongs to the process: it is ours for this one call, which nothing can interrupt. */
function expand(rules: Record<string, string[]>, rule: string, random: Random): string {
  const grammar = tracery.createGrammar(rules);
  grammar.addModifiers(tracery.baseEngModifiers);
  grammar.distribution = 'shuffle';
  tracery.setRng(random);
  try {
    return grammar.flatten(rule);
  } finally {
    tracery.setRng(Math.random);
  }
}

function names({ idea, subject, words }: OwnWords): Record<string, string> {
  const [word1, word2 = word1] = words;
  const it = subject ?? 'the old tale';
  return {
    idea,
    // Ends like a sentence, without a second full stop.
    Idea: /[.!?…。！？]$/u.test(idea) ? capitalized(idea) : `${capitalized(idea)}.`,
    subject: subject ?? `what they called “${idea}”`,
    it,
    It: capitalized(it),
    word1,
    word2,
    Word1: capitalized(word1),
    Word2: capitalized(word2),
  };
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_placeholder, name: string) => values[name] ?? '');
}

/** The first letter large, by code point: any script. */
export function capitalized(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}

const SHE = { they: 'she', They: 'She', them: 'her', their: 'her' };
const HE = { they: 'he', They: 'He', them: 'him', their: 'his' };

const HEROES = [
  { name: 'Ada Marsh', forms: SHE },
  { name: 'Nell Carrow', forms: SHE },
  { name: 'Ines Vale', forms: SHE },
  { name: 'Miriam Locke', forms: SHE },
  { name: 'Tobias Fenn', forms: HE },
  { name: 'Emil Thorne', forms: HE },
  { name: 'Jonas Wick', forms: HE },
  { name: 'Samuel Grey', forms: HE },
];
