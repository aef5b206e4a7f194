/** Longest title, in characters. */
const MAX_TITLE = 120;
/** What a model puts before a title, or around it. */
const MARKED = /^(?:#{1,6}\s+|\**title\s*:\s*)(.+)$|^\*\*([^*]+)\*\*$/i;
/** A first line that may still become a marked title. */
const MAY_BE_MARKED = /^(?:#|\*|t(?:i(?:t(?:l(?:e(?:\s*(?::.*)?)?)?)?)?)?$|title\s*:)/i;

/**
 * Splits what a model wrote into the title, on a first line that is marked as one, and the story. Without such a line all of
 * it is the story. Also takes a text that is still being written: the story then only grows.
 */
export function titleAndBody(text: string, isComplete: boolean): { title: string | null; body: string } {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  const first = end === -1 ? start : start.slice(0, end);
  const [, headed, bold] = MARKED.exec(first.trim()) ?? [];
  const title = plain(headed ?? bold ?? '');
  const body = end === -1 ? '' : start.slice(end).trim();
  const isTitle = title !== '' && title.length <= MAX_TITLE;
  if (isTitle && body !== '') return { title, body };
  if (!isComplete && (isTitle || (end === -1 && MAY_BE_MARKED.test(first) && first.length <= MAX_TITLE))) {
    return { title: null, body: '' };
  }
  return { title: null, body: text.trim() };
}

function plain(title: string): string {
  return title.replace(/^["“*_\s]+|["”*_\s]+$/g, '');
}
