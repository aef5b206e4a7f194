import { describe, expect, test } from 'vitest';
import { replyTo } from '../../../src/boot/command-line.ts';

describe('the command line', () => {
  test.each(['22.12.0', '22.18.0', '24.0.0', '100.1.0'])(
    'the service starts without arguments on Node.js %s',
    (version) => {
      expect(replyTo([], version)).toBeNull();
    },
  );

  test.each(['18.20.0', '20.20.2', '22.11.0'])(
    'Node.js %s is refused, and the message names the required version',
    (version) => {
      const text = `Node.js 22.12 or later is required; this is ${version}.`;
      expect(replyTo([], version)).toEqual({ text, exitCode: 1 });
    },
  );

  test('--help and --version work on any version of Node.js', () => {
    expect(replyTo(['-h'], '20.0.0')).toMatchObject({ exitCode: 0, text: expect.stringContaining('Usage:') });
    expect(replyTo(['--version'], '20.0.0')).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test.each([['--prot'], ['start']])('an unknown argument %s is refused, and the usage is shown', (argument) => {
    const reply = replyTo([argument], '24.0.0');
    expect(reply?.exitCode).toBe(2);
    expect(reply?.text).toContain(argument);
    expect(reply?.text).toContain('Usage:');
  });
});
