import { printable } from '../escape-markup.ts';

/** Longest story that is put on a page, in UTF-16 units; the rest of a longer one is left out, with a mark. */
const MAX_STORY_LENGTH = 100_000;
/** More parts than this would be tiresome to click through. */
const MAX_PARTS = 8;
const SENTENCES_A_PARAGRAPH = 3;

/** A story of anybody's as parts to be uncovered one by one, each of one or more paragraphs; at least one part. */
export function partsOf(story: string): string[][] {
  const text = story.length > MAX_STORY_LENGTH ? `${story.slice(0, MAX_STORY_LENGTH).trimEnd()}…` : story;
  const written = printable(text)
    .split(/\r?\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const [only = '…'] = written;
  const paragraphs = written.length > 1 ? written : sentenceGroups(only);
  const partSize = Math.ceil(paragraphs.length / MAX_PARTS);
  return chunksOf(paragraphs, partSize);
}

/** One long paragraph is cut where sentences end. */
function sentenceGroups(paragraph: string): string[] {
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(paragraph)].map(
    ({ segment }) => segment,
  );
  return chunksOf(sentences, SENTENCES_A_PARAGRAPH).map((group) => group.join('').trim());
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
