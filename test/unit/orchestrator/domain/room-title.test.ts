import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomTitle } from '../../../../src/orchestrator/domain/room-title.ts';

test('a room is titled with a short input, on one line', () => {
  expect(roomTitle('a clock\n  of rain')).toBe('a clock of rain');
});

test('a title of a long input ends between words', () => {
  const title = roomTitle('a lighthouse that remembers drowned sailors '.repeat(9));
  expect(title).toBe('a lighthouse that remembers drowned sailors a lighthouse that remembers…');
});

test('a title of a long input without spaces ends between characters', () => {
  expect(roomTitle('👻'.repeat(200))).toBe(`${'👻'.repeat(79)}…`);
});

test('a title has at most 80 characters, and a text that is not blank has a title', () => {
  const text = fc
    .array(fc.constantFrom('a', ' ', '\n', '👻', '\ud800', 'e\u0301'), { maxLength: 200 })
    .map((characters) => characters.join(''));
  fc.assert(
    fc.property(text, (input) => {
      const title = roomTitle(input);
      expect([...title].length).toBeLessThanOrEqual(80);
      expect(title === '').toBe(input.trim() === '');
    }),
    { numRuns: 50 },
  );
});
