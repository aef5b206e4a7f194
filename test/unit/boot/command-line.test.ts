import { describe, expect, test } from 'vitest';
import { replyTo } from '../../../src/boot/command-line.ts';

describe('the program', () => {
  test.each(['22.12.0', '22.18.0', '24.0.0', '100.1.0'])('starts without arguments on Node.js %s', (version) => {
    expect(replyTo([], version)).toBeNull();
  });

  test.each(['18.20.0', '20.20.2', '22.11.0'])('says on Node.js %s which one it needs', (version) => {
    const text = `This needs Node.js 22.12 or later, and is run by ${version}.`;
    expect(replyTo([], version)).toEqual({ text, exitCode: 1 });
  });

  test('helps and says its version on any Node.js', () => {
    expect(replyTo(['-h'], '20.0.0')).toMatchObject({ exitCode: 0, text: expect.stringContaining('Usage:') });
    expect(replyTo(['--version'], '20.0.0')).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test.each([['--prot'], ['start']])('refuses %s, and shows how it is used', (argument) => {
    const reply = replyTo([argument], '24.0.0');
    expect(reply?.exitCode).toBe(2);
    expect(reply?.text).toContain(argument);
    expect(reply?.text).toContain('Usage:');
  });
});
