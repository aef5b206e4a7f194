/** Longest message, in UTF-16 units; a longer one is cut with a mark. */
export const MAX_MESSAGE_LENGTH = 16_384;

/** Stands at the end of text that was cut. */
export const CUT_MARK = '… (cut)';

/**
 * Text from elsewhere, made fit for a log line: what would steer a terminal or reorder the text (control characters,
 * escapes, bidirectional overrides) becomes visible, lone surrogates become U+FFFD. Line breaks and tabs stay.
 */
export function cleanText(text: string, maxLength = MAX_MESSAGE_LENGTH): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) + CUT_MARK : text;
  return cut.toWellFormed().replace(/(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, visible);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 … are the pictures of the control characters.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
