import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { VARIABLES } from '../../../src/config/variables.ts';

describe('.env.example', () => {
  const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');
  const shown = lines.flatMap((line) => [...line.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/g)].map((m) => [m[1], m[2]]));

  test('shows every variable once, with its default', () => {
    const defaults = Object.entries(VARIABLES).map(([name, schema]) => [name, schema.def.defaultValue ?? '']);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(defaults));
    expect(shown).toHaveLength(defaults.length);
  });

  test('sets nothing by itself, and could be used whole', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(parseConfig(Object.fromEntries(shown))).toEqual(parseConfig({}));
  });
});
