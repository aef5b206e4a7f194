/**
 * A stranger's text on one line, for a message: no control characters or direction marks, white space collapsed, cut
 * after `length` characters with an ellipsis.
 */
export function excerpt(text: string, length = 200): string {
  // Cut roughly first: the text may be 10 MiB.
  const clean = text
    .slice(0, length * 8)
    .toWellFormed()
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  const characters = [...clean];
  if (characters.length <= length) return clean;
  return `${characters.slice(0, length - 1).join('')}…`;
}
