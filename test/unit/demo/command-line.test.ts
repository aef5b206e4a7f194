import { describe, expect, test } from 'vitest';
import { parseArguments, USAGE } from '../../../demo/command-line.ts';

describe('the idea', () => {
  test.each([
    [['a lighthouse that remembers']],
    [['a', 'lighthouse', 'that', 'remembers']],
    [['  a lighthouse that remembers ']],
  ])('the idea may be quoted or not: %j', (argv) => {
    expect(parseArguments(argv)).toEqual({ type: 'run', idea: 'a lighthouse that remembers', url: null, token: null });
  });

  test('the idea may begin with a dash after --', () => {
    expect(parseArguments(['--', '--url of a dream'])).toMatchObject({ type: 'run', idea: '--url of a dream' });
  });

  test('the idea may be as long as the API allows, counted in characters', () => {
    expect(parseArguments(['🚀'.repeat(10_000)]).type).toBe('run');
    expect(parseArguments(['🚀'.repeat(10_001)])).toEqual({
      type: 'invalid',
      reason: expect.stringContaining('10000'),
    });
  });

  test.each([[[]], [['']], [['  ', '\n']]])('a missing idea is reported: %j', (argv) => {
    expect(parseArguments(argv)).toEqual({ type: 'invalid', reason: 'An idea is required.' });
  });
});

describe('the options', () => {
  test('--url selects a server', () => {
    const parsed = parseArguments(['--url', 'https://rooms.example.com/graphql', 'idea']);
    expect(parsed.type === 'run' && parsed.url?.href).toBe('https://rooms.example.com/graphql');
  });

  test.each(['http://localhost:4000', 'http://localhost:4000/'])('--url %s selects the API at /graphql', (given) => {
    const parsed = parseArguments(['--url', given, 'idea']);
    expect(parsed.type === 'run' && parsed.url?.href).toBe('http://localhost:4000/graphql');
  });

  test.each(['localhost:4000', 'ws://localhost/graphql', 'http://', ''])('the invalid --url %j is reported', (url) => {
    expect(parseArguments(['--url', url, 'idea'])).toEqual({
      type: 'invalid',
      reason: expect.stringContaining('--url'),
    });
  });

  test('--token is passed on, and an empty one counts as none', () => {
    expect(parseArguments(['--token', ' ey.J.x ', 'idea'])).toMatchObject({ type: 'run', token: 'ey.J.x' });
    expect(parseArguments(['--token', '', 'idea'])).toMatchObject({ type: 'run', token: null });
  });

  test.each(['--nope', '-x', '--url'])('the unknown or incomplete option %s is reported', (option) => {
    expect(parseArguments(['idea', option]).type).toBe('invalid');
  });

  test.each(['--help', '-h'])('%s shows the help, even without an idea', (option) => {
    expect(parseArguments([option])).toEqual({ type: 'help' });
    expect(USAGE).toContain('--url');
  });
});
