import { printable } from '../markup.ts';

/** The longest story on a page, in UTF-16 code units; a longer one is cut and ends with `…`. */
const MAX_STORY_LENGTH = 100_000;
/** More parts would be tedious to click through. */
const MAX_PARTS = 8;
const SENTENCES_PER_PARAGRAPH = 3;

/** Divides any story into one to eight parts, each of one or more paragraphs. */
export function storyParts(story: string): string[][] {
  const text = story.length > MAX_STORY_LENGTH ? `${story.slice(0, MAX_STORY_LENGTH).trimEnd()}…` : story;
  const paragraphs = printable(text)
    .split(/\r?\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const [only = '…'] = paragraphs;
  const pieces = paragraphs.length > 1 ? paragraphs : sentenceGroups(only);
  return chunksOf(pieces, Math.ceil(pieces.length / MAX_PARTS));
}

/** Splits a single paragraph between sentences. */
function sentenceGroups(paragraph: string): string[] {
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(paragraph)].map(
    ({ segment }) => segment,
  );
  return chunksOf(sentences, SENTENCES_PER_PARAGRAPH).map((group) => group.join('').trim());
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
