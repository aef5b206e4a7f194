import { describe, expect, test } from 'vitest';
import { parseArguments, USAGE } from '../../../demo/arguments.ts';

describe('an idea', () => {
  test.each([
    [['a lighthouse that remembers']],
    [['a', 'lighthouse', 'that', 'remembers']],
    [['  a lighthouse that remembers ']],
  ])('may come quoted or not: %j', (argv) => {
    expect(parseArguments(argv)).toEqual({ type: 'run', idea: 'a lighthouse that remembers', url: null });
  });

  test('may begin with a dash, behind --', () => {
    expect(parseArguments(['--', '--url of a dream'])).toMatchObject({ type: 'run', idea: '--url of a dream' });
  });

  test('may be as long as the API takes, counted in characters', () => {
    expect(parseArguments(['🚀'.repeat(10_000)]).type).toBe('run');
    expect(parseArguments(['🚀'.repeat(10_001)])).toEqual({ type: 'bad', reason: expect.stringContaining('10000') });
  });

  test.each([[[]], [['']], [['  ', '\n']]])('must be there: %j', (argv) => {
    expect(parseArguments(argv)).toEqual({ type: 'bad', reason: 'There is no idea to start from.' });
  });
});

describe('options', () => {
  test('a server of one’s own', () => {
    const parsed = parseArguments(['--url', 'https://rooms.example.com/graphql', 'idea']);
    expect(parsed.type === 'run' && parsed.url?.href).toBe('https://rooms.example.com/graphql');
  });

  test.each(['http://localhost:4000', 'http://localhost:4000/'])('the API of %s is at /graphql', (given) => {
    const parsed = parseArguments(['--url', given, 'idea']);
    expect(parsed.type === 'run' && parsed.url?.href).toBe('http://localhost:4000/graphql');
  });

  test.each(['localhost:4000', 'ws://localhost/graphql', 'http://', ''])('a URL that is none: %j', (url) => {
    expect(parseArguments(['--url', url, 'idea'])).toEqual({ type: 'bad', reason: expect.stringContaining('--url') });
  });

  test.each(['--nope', '-x', '--url'])('an unknown or incomplete one: %s', (option) => {
    expect(parseArguments(['idea', option]).type).toBe('bad');
  });

  test.each(['--help', '-h'])('%s wins over what else is missing', (option) => {
    expect(parseArguments([option])).toEqual({ type: 'help' });
    expect(USAGE).toContain('--url');
  });
});
