import { describe, expect, test } from 'vitest';
import { type OutputTexts, withPart } from '../../../web/results/output-store.ts';

const shown = (parts: readonly Parameters<typeof withPart>[1][]) =>
  Object.fromEntries(parts.reduce<OutputTexts>(withPart, new Map()));

describe('the text of a step on the page', () => {
  test('parts are appended at their offset, each to its channel', () => {
    expect(
      shown([
        { channel: 'story', offset: 0, text: 'A ' },
        { channel: 'notes', offset: 0, text: 'dark' },
        { channel: 'story', offset: 2, text: 'lamp' },
      ]),
    ).toEqual({ story: 'A lamp', notes: 'dark' });
  });

  test('a part at offset 0 replaces the text of an earlier attempt, even by nothing', () => {
    const first = { channel: 'story', offset: 0, text: 'A lamp' };
    expect(shown([first, { ...first, text: '' }])).toEqual({ story: '' });
    expect(shown([first, { ...first, text: 'An owl' }])).toEqual({ story: 'An owl' });
  });
});
