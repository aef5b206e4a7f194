import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configurationPage, envExample } from '../../../scripts/support/configuration-texts.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { VARIABLES } from '../../../src/config/variables.ts';

const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('docs/configuration.md', () => {
  const page = committed('docs/configuration.md');

  test('docs/configuration.md is what `npm run config:print` writes', () => {
    expect(page).toBe(configurationPage());
  });

  test('docs/configuration.md has every variable once', () => {
    const cells = [...page.matchAll(/^\| (`[A-Z].*?) \|/gm)].map(([, cell = '']) => cell);
    const names = cells.flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', '')));
    expect(names.toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
  });
});

describe('.env.example', () => {
  const text = committed('.env.example');
  const lines = text.split('\n');
  const shown = lines.flatMap((line) => [...line.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/g)].map((m) => [m[1], m[2]]));

  test('.env.example is what `npm run config:print` writes', () => {
    expect(text).toBe(envExample());
  });

  test('.env.example shows every variable once, with its default', () => {
    const defaults = Object.entries(VARIABLES).map(([name, schema]) => [name, schema.def.defaultValue ?? '']);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(defaults));
    expect(shown).toHaveLength(defaults.length);
  });

  test('.env.example sets nothing as it is, and gives the defaults when everything in it is uncommented', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(parseConfig(Object.fromEntries(shown))).toEqual(parseConfig({}));
  });
});
