import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { createScreen } from '../../../../src/cli/run/screen.ts';

/** A terminal that understands the escape sequences in use, and records what it shows. */
function aTerminal(rows: string[]) {
  const state = { rows, cursor: true, wrap: true };
  let row = rows.length;
  const obey: Record<string, (count: number) => void> = {
    '[?25l': () => (state.cursor = false),
    '[?25h': () => (state.cursor = true),
    '[?7l': () => (state.wrap = false),
    '[?7h': () => (state.wrap = true),
    '[A': (count) => (row = Math.max(0, row - count)),
    '[H': () => (row = 0),
    '[2J': () => (state.rows.length = 0),
    '[2K': () => (state.rows[row] = ''),
    '[J': () => (state.rows.length = Math.min(state.rows.length, row)),
  };
  const show = (chunk: string) => {
    for (const [token] of chunk.replaceAll('\u001b', '␛').matchAll(/␛\[[^a-z]*[a-z]|\r|\n|[^␛\r\n]+/gi)) {
      const count = /^␛\[(\d+)A$/.exec(token)?.[1];
      if (token === '\n') row += 1;
      else if (count !== undefined) obey['[A']?.(Number(count));
      else if (token.startsWith('␛')) obey[token.slice(1)]?.(0);
      else if (token !== '\r') state.rows[row] = (state.rows[row] ?? '') + token;
    }
  };
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      show(chunk);
      done();
    },
  }) as WriteStream;
  return { state, stream };
}

describe('a screen below earlier output', () => {
  test('the screen shows one frame at a time, whatever the height of each', () => {
    const { state, stream } = aTerminal(['$ npm run demo']);
    const screen = createScreen(stream);
    for (const frame of [['a', 'b', 'c'], ['d'], [], ['e', 'f']]) {
      screen.draw(frame);
      expect(state.rows).toEqual(['$ npm run demo', ...frame]);
    }
    screen.close();
  });

  test('the screen hides the cursor and disables wrapping until it is closed', () => {
    const { state, stream } = aTerminal(['$ npm run demo']);
    const screen = createScreen(stream);
    screen.draw(['a']);
    expect(state).toMatchObject({ cursor: false, wrap: false });
    screen.close();
    screen.close();
    screen.draw(['late']);
    expect(state).toEqual({ rows: ['$ npm run demo'], cursor: true, wrap: true });
    expect(stream.listenerCount('resize')).toBe(0);
  });

  test('the screen is redrawn from the top when the terminal is resized', () => {
    const { state, stream } = aTerminal(['$ npm run demo']);
    const screen = createScreen(stream);
    screen.draw(['a', 'b']);
    state.rows.splice(1, 2, 'a, folded', 'b,', 'folded');
    stream.emit('resize');
    screen.draw(['c', 'd']);
    expect(state.rows).toEqual(['c', 'd']);
    screen.close();
  });
});
