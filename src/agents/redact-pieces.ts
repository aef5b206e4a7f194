import type { Redact } from './agent-target.ts';

/** Redacts a text that comes in pieces, wherever they end. */
export type PieceRedactor = {
  /** @returns the text that can be shown now. Its end is held back while it may be the beginning of a secret. */
  add(piece: string): string;
  /** What is held back at the end of the text. */
  rest(): string;
};

export function createPieceRedactor(redact: Redact, secrets: readonly string[]): PieceRedactor {
  const longest = Math.max(...secrets.map(({ length }) => length));
  let held = '';
  const lengthToHold = (text: string) => {
    for (let start = Math.max(0, text.length - longest + 1); start < text.length; start += 1) {
      const end = text.slice(start);
      if (secrets.some((secret) => secret.startsWith(end))) return end.length;
    }
    return 0;
  };
  return {
    add(piece) {
      const text = redact(held + piece);
      const shown = text.length - lengthToHold(text);
      held = text.slice(shown);
      return text.slice(0, shown);
    },
    rest() {
      const text = held;
      held = '';
      return text;
    },
  };
}
