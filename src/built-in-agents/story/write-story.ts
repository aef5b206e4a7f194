import tracery from 'tracery-grammar';
import { pick, type Random, seededRandom } from '../seeded-random.ts';
import { capitalize } from '../title.ts';
import { storyRules } from './grammar.ts';
import { type Setting, settingFor } from './haunted-places.ts';
import { type Idea, parseIdea } from './parse-idea.ts';

export type Story = {
  title: string;
  /** Six paragraphs, separated by empty lines; 150 to 400 words. */
  story: string;
  /** The idea, a dash, and a sentence. */
  summary: string;
  setting: Setting['name'];
};

/** Writes a haunted story around the user's idea. The same input gives the same story. */
export function writeStory(input: string): Story {
  const idea = parseIdea(input);
  const random = seededRandom(input);
  const setting = settingFor(idea.text);
  const town = pick(random, setting.town);
  const local = pick(random, setting.local);
  const hero = pick(random, HEROES);
  const template = expand(storyRules(setting), '#story#', random);
  return {
    title: capitalize(idea.text),
    story: fill(template, {
      ...ideaValues(idea),
      ...hero.forms,
      hero: hero.name,
      first: hero.name.split(' ')[0] ?? '',
      town,
      local,
    }),
    summary: `${idea.text} — ${hero.name} comes to ${town} to prove it false, and is answered.`,
    setting: setting.name,
  };
}

/** Sets tracery's process-wide source of randomness for the duration of this one synchronous call. */
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

function ideaValues({ text, subject, words }: Idea): Record<string, string> {
  const [word1, word2 = word1] = words;
  const it = subject ?? 'the old tale';
  return {
    idea: text,
    // Ends like a sentence, but never with two full stops.
    Idea: /[.!?…。！？]$/u.test(text) ? capitalize(text) : `${capitalize(text)}.`,
    subject: subject ?? `what they called “${text}”`,
    it,
    It: capitalize(it),
    word1,
    word2,
    Word1: capitalize(word1),
    Word2: capitalize(word2),
  };
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_placeholder, name: string) => values[name] ?? '');
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
