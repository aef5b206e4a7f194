import { WORDS } from '../../things/words.ts';

/** The user's input without what is addressed to the machine: markup, a request, the name of a product. */
export type PlainIdea = {
  /** One line of text. */
  text: string;
  /** The same with the name of the product, such as `quiz`. */
  title: string;
  /** Code and addresses are told as the things they are. */
  kind: 'text' | 'code' | 'address' | 'emoji' | 'empty';
};

const REQUEST =
  /^(?:please[, ]+)?(?:(?:can|could) you )?(?:write|tell|make|create|generate|give|show|build|design|draw|i want|i would like)(?! (?:it|this|that|them|sure)\b)(?: me| us)?(?: an?| the)? (?:(?:[\w-]+ ){0,3}?(?:story|tale|room|page|website|game|quiz|app|poem) (?:about|of|with|where|in which|for|:)[: ]*)?/iu;
const PRODUCT = /^(?:an? )?(?:[\w-]+ )?(?:story|tale|quiz|game|page|website|app) (?:about|for|of|with)[: ]+/iu;

/** Understands what kind of input it is. Accepts any text. */
export function plainIdea(input: string): PlainIdea {
  const line = input
    .slice(0, 12_000)
    .toWellFormed()
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(line)) {
    return emojiIn(line).length > 0
      ? { text: line, title: line, kind: 'emoji' }
      : { text: line, title: line, kind: 'empty' };
  }
  if (/(?:=>|\w\([^)]*\)\s*\{|;\s*\}|[{};]\s*$|^\s*(?:SELECT .+ FROM|import .+ from|def \w+\())/.test(line)) {
    const name = /\b(?:function|def|class|const|let)\s+([A-Za-z_]\w{2,})/.exec(line)?.[1];
    const text = name === undefined ? 'a program without a name' : `a program called ${name}`;
    return { text, title: text, kind: 'code' };
  }
  const error = /^(\w*(?:Error|Exception))\b/.exec(line)?.[1];
  if (error !== undefined)
    return { text: `a program called ${error}`, title: `a program called ${error}`, kind: 'code' };
  const address = /https?:\/\/([^\s/?#]+)(?:\/([\w-]+))?/i.exec(line);
  if (address !== null && address.index === 0) {
    const [, host = '', path] = address;
    const text = `a website about ${path ?? 'nothing'} at ${host}`;
    return { text, title: text, kind: 'address' };
  }
  const shouted = /\p{Ll}/u.test(line) || line.length < 12 ? line : line.toLowerCase();
  const title = shouted
    .replace(/<[^<>]{0,200}>/gu, '')
    .replace(/[[\]{}#\\<>|]+/gu, ' ')
    .replace(REQUEST, '')
    .replace(/^["“”«]+(.*?)["“”»]+([.,!?]?)$/u, '$1$2')
    .replace(/\s+/gu, ' ')
    .trim();
  const text = title
    .replace(PRODUCT, '')
    .replace(/^(?:(?:once(?: upon a time)?|long ago),? )?there (?:is|was|are|were|lived) /iu, '')
    .replace(/^(?:what if|imagine(?: that| if)?|suppose(?: that)?|once upon a time,?) (.+?)\??$/iu, '$1')
    .replace(/ (?:video )?(?:game|quiz|app)$/iu, '')
    .trim();
  return { text: text || title || line, title: title || line, kind: 'text' };
}

/** The things that a text's emoji stand for, each once. */
export function emojiIn(text: string): string[] {
  const seen = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment.replaceAll('\ufe0f', ''));
  return [...new Set(seen.flatMap((emoji) => EMOJI.get(emoji) ?? []))];
}

const EMOJI = new Map([
  ...Object.entries(WORDS).map(([thing, { emoji }]): [string, string] => [emoji, thing]),
  ['🏚', 'house'],
  ['🐱', 'cat'],
  ['🐶', 'dog'],
]);
