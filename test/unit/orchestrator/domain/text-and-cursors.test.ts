import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../../src/orchestrator/domain/clean-text.ts';
import { decodeCursor, encodeCursor, logCursor, seqOfLogCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { anyText } from './arbitraries.ts';

describe('a cursor', () => {
  test('gives back what it was made of', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), (roomId, seq) => {
        expect(seqOfLogCursor(roomId, logCursor(roomId, seq))).toBe(seq);
      }),
    );
  });

  test('of another room, of another kind, empty or forged is none', () => {
    const [room, other] = ['0192aaaa-0000-7000-8000-000000000001', '0192aaaa-0000-7000-8000-000000000002'];
    expect(seqOfLogCursor(other, logCursor(room, 3))).toBeNull();
    expect(seqOfLogCursor(room, encodeCursor('room', room, 3))).toBeNull();
    for (const forged of [
      '',
      'x',
      `${logCursor(room, 3)}=`,
      encodeCursor('log', room, '-1'),
      encodeCursor('log', room),
    ]) {
      expect(seqOfLogCursor(room, forged)).toBeNull();
    }
  });

  test('never throws, whatever is sent', () => {
    fc.assert(fc.property(anyText(), (text) => void decodeCursor('log', text)));
  });
});

describe('text from elsewhere', () => {
  test('shows control characters, escapes and overrides instead of passing them on', () => {
    expect(cleanText('a\u0000b\u001b[31mc\u202ed\u007f')).toBe('a␀b␛[31mc\\u202ed\\u007f');
  });

  test('keeps line breaks, tabs and every script', () => {
    const text = 'eins\n\tzwei 三 🦇 ñ';
    expect(cleanText(text)).toBe(text);
  });

  test('is cut with a mark, without breaking a character', () => {
    expect(cleanText('ab🦇', 3)).toBe('ab\ufffd… (cut)');
  });

  test('is always well-formed and free of control characters', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const clean = cleanText(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/(?![\n\t])\p{Cc}/u);
      }),
    );
  });
});
