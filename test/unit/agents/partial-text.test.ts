import { expect, test } from 'vitest';
import { redactNothing } from '../../../src/agents/agent-target.ts';
import { createPartialText } from '../../../src/agents/partial-text.ts';

function read(pieces: readonly unknown[]): string[] {
  const texts: string[] = [];
  const partials = createPartialText(
    (channel, text) => texts.push(`${channel}:${text}`),
    { redact: redactNothing, secrets: [] },
    () => {},
  );
  for (const piece of pieces) partials.add(piece);
  partials.end();
  return texts.filter((text) => !text.endsWith(':'));
}

test('a character that is cut in two is whole again, in each channel by itself', () => {
  const [high = '', low = ''] = '👻'.split('');
  expect(read([`a${high}`, { channel: 'b', text: high }, `${low}c`, { channel: 'b', text: low }])).toEqual([
    'output:a',
    'output:👻c',
    'b:👻',
  ]);
});

test('half a character without its other half becomes U+FFFD, and so does NUL', () => {
  const [high = '', low = ''] = '👻'.split('');
  expect(read([`a${high}b`, low, 'c\u0000', high])).toEqual([
    'output:a\ufffdb',
    'output:\ufffd',
    'output:c\ufffd',
    'output:\ufffd',
  ]);
});
