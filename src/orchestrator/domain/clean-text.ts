/** Maximum length of a message, in UTF-16 units; a longer one is cut with a mark. */
export const MAX_MESSAGE_LENGTH = 16_384;

/** The end of text that was cut. */
export const CUT_MARK = '… (cut)';

/**
 * Makes external text safe for a log line. Characters that control a terminal or reorder text (control characters,
 * escapes, bidirectional overrides) become visible, and lone surrogates become U+FFFD. Line breaks and tabs stay.
 */
export function cleanText(text: string, maxLength = MAX_MESSAGE_LENGTH): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) + CUT_MARK : text;
  return cut.toWellFormed().replace(/(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, visible);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  // The Unicode block at U+2400 has a visible symbol for each control character.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
