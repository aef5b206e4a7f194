import { wordsLanguage } from '../languages/language-of.ts';
import { LINES } from '../languages/story-lines.ts';
import { pick, type Random } from '../seeded-random.ts';
import { thingsIn } from '../things/find-things.ts';
import { WORDS } from '../things/words.ts';
import { capitalize } from '../title.ts';

/**
 * Tells an idea of any language and script in pictures and short lines. It needs no grammar: the idea’s words stand by
 * themselves, as they were written.
 */
export function tellInPictures(text: string, language: string, random: Random): { story: string; used: string[] } {
  const things = thingsIn(text, language, 6);
  // One picture for every line would be dull.
  const shown = things.length > 1 ? things : [...things, 'candle', 'owl', 'key'];
  const words = importantWords(text, language);
  const emoji = (at: number) => WORDS[shown[at % shown.length] ?? 'moon']?.emoji ?? '🌙';
  const lines = language === 'und' ? null : LINES[wordsLanguage(language)];
  const acts = lines ?? SILENT;
  const at = Math.floor(random() * words.length);
  const paragraphs = acts.map((alternatives, index) => {
    const word = words[(at + index) % words.length] ?? text;
    const picture = `${emoji(index)}${pick(random, NIGHT)}${emoji(index + 1 + Math.floor(random() * 2))}`;
    const line = pick(random, alternatives)
      .replaceAll('{w}', word)
      .replaceAll('{idea}', [...text].slice(0, 200).join(''));
    return `${picture}  ${capitalize(line).replace(/(?<=[.:!] )\p{Ll}/gu, (letter) => letter.toUpperCase())}`;
  });
  return { story: paragraphs.join('\n\n'), used: words.slice(0, 6) };
}

const NIGHT = ['🌙', '⭐', '🕯', '🦉', '🦇', '🔔', '🚪', '🕷'];
const SILENT = [
  ['{idea}'],
  ['{w} …', '… {w}'],
  ['{w}?', '{w}!', '“{w}”'],
  ['{w} … {w}', '{w}'],
  ['“{w}”', '{w} …'],
  ['{w}.', '… {w}.'],
];

/** Single characters that are things by themselves. */
const NOUNS = new Set('猫犬狗狐月星雨雪海山川河森家花鳥鱼魚船車火夜鬼龍龙馬馬王女男母父風'.split(''));

/** Words that carry the idea: the longest ones, in order; never the little ones. */
function importantWords(text: string, language: string): string[] {
  const segments = new Intl.Segmenter(language === 'und' ? 'en' : language, { granularity: 'word' });
  const words = [...segments.segment(text.slice(0, 5_000))].flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment] : [],
  );
  const dense = language === 'ja' || language === 'zh';
  const long = [...new Set(words)].filter((word) =>
    dense
      ? (word.length > 1 && !/^[\u3040-\u309f一]/u.test(word)) || NOUNS.has(word)
      : [...word].length > (language === 'ar' || language === 'hi' ? 3 : 4),
  );
  return long.length > 0 ? long.slice(0, 12) : words.length > 0 ? words.slice(0, 6) : [text.slice(0, 40) || '…'];
}
