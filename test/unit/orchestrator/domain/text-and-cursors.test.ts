import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../../src/orchestrator/domain/clean-text.ts';
import { decodeCursor, encodeCursor, logCursor, seqOfLogCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { anyText } from './arbitraries.ts';

describe('cursors', () => {
  test('a log cursor decodes to the seq that it was made from', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), (roomId, seq) => {
        expect(seqOfLogCursor(roomId, logCursor(roomId, seq))).toBe(seq);
      }),
    );
  });

  test('a cursor that is empty, forged, of another kind or of another room is rejected', () => {
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

  test('decoding never throws, whatever the text', () => {
    fc.assert(fc.property(anyText(), (text) => void decodeCursor('log', text)));
  });
});

describe('cleaning text', () => {
  test('control characters, escapes and bidirectional overrides become visible', () => {
    expect(cleanText('a\u0000b\u001b[31mc\u202ed\u007f')).toBe('a␀b␛[31mc\\u202ed\\u007f');
  });

  test('line breaks, tabs and all scripts are kept', () => {
    const text = 'eins\n\tzwei 三 🦇 ñ';
    expect(cleanText(text)).toBe(text);
  });

  test('long text is cut with a mark, and stays well-formed', () => {
    expect(cleanText('ab🦇', 3)).toBe('ab\ufffd… (cut)');
  });

  test('cleaned text is always well-formed and free of control characters', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const clean = cleanText(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/(?![\n\t])\p{Cc}/u);
      }),
    );
  });
});
