/**
 * The text of an agent's body. JSON is UTF-8, whatever the Content-Type says; but some servers write the charset that
 * they announce, or UTF-16 with a byte order mark.
 * @param charset the one that the Content-Type names, if any
 * @returns null for bytes that are valid in neither
 */
export function decodeText(bytes: Uint8Array, charset: string | null): string | null {
  const candidates = ['utf-8', markedCharset(bytes), charset ?? 'utf-8'];
  for (const candidate of candidates) {
    const text = candidate === null ? null : decode(bytes, candidate);
    // JSON has no raw NUL, and UTF-16 is full of them.
    if (text !== null && !text.includes('\0')) return text;
  }
  return decode(bytes, 'utf-8');
}

/** The charset that a Content-Type names, for instance `iso-8859-1` in `text/html; charset="ISO-8859-1"`. */
export function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? null;
}

function markedCharset([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function decode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    // Not valid, or not a charset that Node knows.
    return null;
  }
}
