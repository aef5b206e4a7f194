import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPieceRedactor } from '../../../src/agents/redact-pieces.ts';

describe('text that comes in pieces', () => {
  test('wherever a text is split, its pieces are redacted like the whole, and nothing is lost', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', '😀'), { maxLength: 30 });
    const secret = fc.array(fc.constantFrom('a', 'b'), { minLength: 2, maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, secret, fc.array(fc.nat(5), { minLength: 1 }), (text, password, lengths) => {
        const redact = (whole: string) => whole.replaceAll(password, '***');
        const redactor = createPieceRedactor(redact, [password]);
        let shown = '';
        let rest = text;
        for (let index = 0; rest.length > 0; index += 1) {
          const length = (lengths[index % lengths.length] ?? 0) + 1;
          shown += redactor.add(rest.slice(0, length).join(''));
          rest = rest.slice(length);
        }
        shown += redactor.rest();
        expect(shown).toBe(redact(text.join('')));
      }),
    );
  });

  test('only what may be the beginning of a secret is held back', () => {
    const redactor = createPieceRedactor((text) => text.replaceAll('hunter2', '***'), ['hunter2']);
    expect(redactor.add('a hunt')).toBe('a ');
    expect(redactor.add('ing')).toBe('hunting');
    expect(redactor.add(' hunter2')).toBe(' ***');
    expect(redactor.rest()).toBe('');
  });
});
