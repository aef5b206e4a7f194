import { pick, type Random } from '../seeded-random.ts';
import { capitalize } from '../title.ts';
import type { Form } from './forms/form.ts';
import type { Setting } from './haunted-places.ts';
import { IT } from './understand/people.ts';
import type { Act, Someone, Understood } from './understand/understood.ts';

/** Tells an idea in a form. What the idea leaves open comes from the setting. */
export function tellInEnglish(idea: Understood, form: Form, setting: Setting, random: Random): string {
  const local = pick(random, setting.local);
  const other = idea.other ?? { name: `the ${pick(random, setting.local)}`, isPlural: false, pronouns: IT };
  const [x, y = ''] = [...idea.things, ...shuffled(random, PROPS)];
  const slots = slotsOf(idea, { other, x: x ?? '', y, setting, random, local });
  const sentence = (alternatives: readonly string[]) => {
    const template = pick(random, alternatives).replace(/#(\w+)#/g, (_, list: string) => detail(list, setting, random));
    return capitalizeSentence(fill(template, slots, idea.hero, other));
  };
  return form.paragraphs.map((sentences) => sentences.map(sentence).join(' ')).join('\n\n');
}

type Cast = { other: Someone; x: string; y: string; setting: Setting; random: Random; local: string };

function slotsOf({ hero, acts, where }: Understood, cast: Cast): Record<string, string> {
  const { other, x, y, setting, random, local } = cast;
  const [spareFirst, spareSecond] = shuffled(random, HABITS);
  const first = acts[0] ?? spareFirst ?? QUIET;
  const second = acts.find((act) => act !== first) ?? spareSecond ?? QUIET;
  const place = where ?? `in ${pick(random, setting.town)}`;
  const { they, them, their } = hero.pronouns;
  const be = (act: Act) => (hero.isPlural ? act.past.replace(/^was /, 'were ') : act.past);
  const lower = {
    h: hero.name,
    o: other.name,
    x,
    y,
    in: place,
    in2: place.replace(/^\w+ /, ''),
    local,
    they,
    them,
    their,
    was: hero.isPlural ? 'were' : 'was',
    did: be(first),
    do: first.infinitive,
    doing: first.gerund,
    did2: be(second),
    do2: second.infinitive,
    doing2: second.gerund,
    n: pick(random, NUMBERS),
  };
  const upper = Object.entries(lower).map(([name, value]) => [
    name.slice(0, 1).toUpperCase() + name.slice(1),
    capitalize(value),
  ]);
  return { ...lower, ...Object.fromEntries(upper) };
}

/** `{h:is|are}` agrees with the hero, `{o:is|are}` with the other one. */
function fill(template: string, slots: Record<string, string>, hero: Someone, other: Someone): string {
  return template
    .replace(/\{([ho]):([^|}]*)\|([^}]*)\}/g, (_, whose: string, one: string, many: string) =>
      (whose === 'h' ? hero : other).isPlural ? many : one,
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? '');
}

const capitalizeSentence = (text: string) =>
  text.replace(/^(“?)(\p{Ll})/u, (_, mark: string, letter: string) => mark + letter.toUpperCase());

function detail(list: string, setting: Setting, random: Random): string {
  if (list === 'hour') return pick(random, HOURS);
  if (list === 'smell') return pick(random, SMELLS);
  const lists: Record<string, readonly string[]> = { ...setting, name: [], keywords: [] } as Record<
    string,
    readonly string[]
  >;
  return pick(random, lists[list] ?? ['nothing']);
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

const NUMBERS = ['three', 'four', 'five', 'six', 'seven', 'nine', 'eleven', 'twelve', 'nineteen', 'forty'];
const HOURS = [
  'two o’clock',
  'a quarter past three',
  'half past one',
  'ten to four',
  'the last stroke of twelve',
  'the hour between two and two',
];
const SMELLS = [
  'snuffed candles',
  'cold iron',
  'old rain',
  'violets and dust',
  'burnt sugar',
  'wet wool',
  'extinguished matches',
];
const PROPS = [
  'the lantern',
  'the brass key',
  'the blue cup',
  'the almanac',
  'the music box',
  'the kettle',
  'the grey coat',
  'the hand mirror',
  'the matchbox',
  'the rope',
  'the thermos flask',
  'the candle',
  'the photograph',
  'the umbrella',
  'the folding chair',
  'the bell',
];
const habit = (past: string, infinitive: string, gerund: string): Act => ({ past, infinitive, gerund });
const QUIET = habit('waited', 'wait', 'waiting');
/** What somebody of whom the idea tells nothing may do, by night, whoever it is. */
const HABITS: readonly Act[] = [
  habit('began to hum', 'hum', 'humming'),
  habit('counted everyone who passed', 'count everyone who passes', 'counting everyone who passes'),
  habit('came one step closer', 'come one step closer', 'coming one step closer'),
  habit('answered a question nobody had asked', 'answer questions nobody asks', 'answering questions nobody asks'),
  habit('gave off a faint light', 'give off a faint light', 'giving off a faint light'),
  habit(
    'whispered the names of the sleeping',
    'whisper the names of the sleeping',
    'whispering the names of the sleeping',
  ),
  habit('cast a second shadow', 'cast a second shadow', 'casting a second shadow'),
  habit('turned very slowly towards the window', 'turn towards the window', 'turning towards the window'),
  habit('wept without a sound', 'weep without a sound', 'weeping without a sound'),
  habit('waited for somebody to come back', 'wait for somebody to come back', 'waiting for somebody to come back'),
  habit('grew a little heavier', 'grow a little heavier', 'growing a little heavier'),
  habit('knocked twice from the inside', 'knock twice from the inside', 'knocking twice from the inside'),
  habit('hid behind the curtain', 'hide behind the curtain', 'hiding behind the curtain'),
  habit('sighed in an empty room', 'sigh in empty rooms', 'sighing in empty rooms'),
  habit('left wet footprints on the stairs', 'leave wet footprints', 'leaving wet footprints'),
  habit('told the same joke to the dark', 'tell the same joke to the dark', 'telling the same joke to the dark'),
  habit('warmed the cold side of the bed', 'warm the cold side of the bed', 'warming the cold side of the bed'),
  habit('read the old letters aloud', 'read old letters aloud', 'reading old letters aloud'),
  habit('stopped the clocks, one by one', 'stop the clocks', 'stopping the clocks'),
  habit('put the chairs back in order', 'put the chairs back in order', 'putting the chairs back in order'),
  habit('practised being alive', 'practise being alive', 'practising being alive'),
  habit('kept the lamp from going out', 'keep the lamp from going out', 'keeping the lamp from going out'),
];
