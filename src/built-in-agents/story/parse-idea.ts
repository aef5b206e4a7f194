/** What can be made of the user's input, in any language. */
export type Idea = {
  /** The input on one line, without a request around it (“write a story about”); at most 14 words and 140 characters. */
  text: string;
  /** What it is about, with an article, such as `the lighthouse`; null if that is unclear. */
  subject: string | null;
  /** Its significant words. */
  words: [string, ...string[]];
};

const MAX_WORDS = 14;
const MAX_CHARACTERS = 140;
const MAX_WORD_CHARACTERS = 24;
const EMPTY_INPUT = 'something nobody would say aloud';

/** Parses the user's input, which may be any text, also an empty one. */
export function parseIdea(input: string): Idea {
  const text = ideaText(input);
  const words = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)].map(([word]) => word);
  const significant = words.filter((word) => !STOP_WORDS.has(word.toLowerCase()) && !/^[a-z\d]{1,2}$/i.test(word));
  const [first = words[0] ?? text, ...rest] = new Set(significant);
  const cutWord = (word: string) => cut(word, MAX_WORD_CHARACTERS);
  return { text, subject: subjectOf(text), words: [cutWord(first), ...rest.map(cutWord)] };
}

function ideaText(input: string): string {
  const line = input
    .slice(0, 10_000)
    .toWellFormed()
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  const plain = line
    .replace(REQUEST, '')
    .replace(/^["“”'‘’«]+(.*?)["“”'‘’»]+$/u, '$1')
    .trim();
  // An input of nothing but dots is kept.
  const open = plain.replace(/[.。]+$/u, '') || plain || line || EMPTY_INPUT;
  const words = open.split(' ');
  const short = words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS).join(' ')}…` : open;
  return cut(short, MAX_CHARACTERS);
}

/** Cuts between graphemes, so that no emoji is cut in two. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const seen = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
  return seen.length <= length
    ? text
    : `${seen
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** The noun phrase at the beginning, recognized by its article: “a lighthouse that remembers …”. */
function subjectOf(text: string): string | null {
  const phrase = /^(?:an?|the)\s+((?:[\p{L}\p{M}'’-]+\s+){0,3}?[\p{L}\p{M}'’-]+)(?=[,;:.!?…]|$|\s+(?:\w+))/iu;
  const words = (/^(?:an?|the)\s+([\p{L}\p{M}\s'’-]+)/iu.exec(text)?.[1] ?? '').split(' ');
  if (!phrase.test(text)) return null;
  const end = words.findIndex((word) => PHRASE_ENDS.has(word.toLowerCase()));
  const found = (end === -1 ? words : words.slice(0, end)).filter((word) => word !== '');
  return found.length >= 1 && found.length <= 4 ? `the ${found.join(' ')}` : null;
}

const REQUEST =
  /^(?:please[, ]+)?(?:(?:can|could) you )?(?:write|tell|make|create|generate|give|show|build|i want|i would like)(?: me| us)?(?: an?| the)?(?: [\w-]+){0,3}? (?:story|tale|room|page|game)(?: about| of| with| where| in which)?[: ]+/iu;

const PHRASE_ENDS = new Set(
  'that which who whom whose where when while and or but in on at of with without for from by to into under over is are was were has have had made full built behind beneath beside near inside between during after before like as'.split(
    ' ',
  ),
);

const STOP_WORDS = new Set(
  'the and that this with from who whose which where when while into onto over under for but not are was were has have had been being its his her their our your they them there then than about only just very all any some one own out off can will would could should does did where what how why because ein eine einen der die das und les des une los las del che'.split(
    ' ',
  ),
);
