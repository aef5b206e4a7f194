import { languageOf } from '../languages/language-of.ts';
import { pick, seededRandom } from '../seeded-random.ts';
import { capitalize } from '../title.ts';
import { FORMS } from './forms/index.ts';
import { settingFor } from './haunted-places.ts';
import { tellInEnglish } from './tell-in-english.ts';
import { tellInPictures } from './tell-in-pictures.ts';
import { understandEnglish } from './understand/english.ts';
import { plainIdea } from './understand/plain-idea.ts';
import type { Understood } from './understand/understood.ts';

export type Story = {
  title: string;
  /** Paragraphs, separated by empty lines. */
  story: string;
  /** The title, a dash, and what of the idea is told. */
  summary: string;
  /** How it is told, such as `a letter`. */
  form: string;
  setting: string;
  /** A BCP 47 language. */
  language: string;
  /** The people, places and things of the idea that the story tells of. */
  used: string[];
};

export type StoryOptions = {
  /** A BCP 47 language. @default the language of the idea */
  language?: string | undefined;
  /** Another number gives another story. @default 0 */
  variation?: number | undefined;
};

/** Writes a haunted story in which the idea’s own people and things act. Equal arguments give equal stories. */
export function writeStory(input: string, { language: wanted, variation = 0 }: StoryOptions = {}): Story {
  const idea = plainIdea(input);
  const language = languageOf(idea.text, wanted);
  const random = seededRandom(variation === 0 ? input : `${variation}\n${input}`);
  const own = languageOf(idea.text, undefined);
  if (language !== 'en' || (own !== 'en' && idea.kind === 'text')) {
    const title = shortTitle(idea.title);
    const { story, used } = tellInPictures(idea.text, language, random);
    return {
      title,
      story,
      summary: `${title} — ${used.join(', ')}`,
      form: 'pictures',
      setting: 'moor',
      language,
      used,
    };
  }
  const understood = understandEnglish(idea) ?? NOBODY;
  const setting = settingFor([idea.text, understood.where ?? '', ...understood.things].join(' '));
  const form = pick(random, FORMS);
  const { hero, other, things, where } = understood;
  const used = [
    hero.name,
    ...(other === null ? [] : [other.name]),
    ...things.slice(0, 2),
    ...(where === null ? [] : [where]),
  ];
  const title = idea.kind === 'text' && idea.text.length <= 80 ? shortTitle(idea.title) : titleOf(understood);
  return {
    title,
    story: tellInEnglish(understood, form, setting, random),
    summary: `${title} — ${form.name} about ${used.join(', ')}`,
    form: form.name,
    setting: setting.name,
    language,
    used,
  };
}

const NOBODY: Understood = {
  hero: { name: 'the voice in the wall', isPlural: false, pronouns: { they: 'it', them: 'it', their: 'its' } },
  acts: [],
  other: null,
  things: [],
  where: null,
};

function titleOf({ hero, other, things, where }: Understood): string {
  const second = other?.name ?? things[0];
  return capitalize(
    second === undefined ? `${hero.name}${where === null ? '' : ` ${where}`}` : `${hero.name} and ${second}`,
  );
}

function shortTitle(text: string): string {
  const plain = text.replaceAll(' — ', ', ').replace(/(?<=[^.])[.。]$/u, '');
  const characters = [...new Intl.Segmenter('en').segment(plain)].map(({ segment }) => segment);
  if (characters.length <= 80) return capitalize(plain);
  return capitalize(
    `${characters
      .slice(0, 78)
      .join('')
      .replace(/\s+\S*$/u, '')}…`,
  );
}
