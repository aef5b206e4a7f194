/** Longest title, in characters; a longer first line is part of the story. */
const MAX_TITLE = 120;

/**
 * Splits what a model wrote into the title, on its first line, and the story. Also takes a text that is still being
 * written: the story then only grows.
 */
export function titleAndBody(text: string): { title: string | null; body: string } {
  const [first = '', ...rest] = text.trimStart().split('\n');
  if (first.length > MAX_TITLE) return { title: null, body: text.trim() };
  const body = rest.join('\n').trim();
  const title = first
    .replace(/^\s*(?:#+|\**\s*title\s*:)\s*/i, '')
    .replace(/^["“*_\s]+|["”*_\s]+$/g, '')
    .trim();
  return { title: title === '' ? null : title, body };
}
