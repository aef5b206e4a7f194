import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, describe, expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

type Change = { file: string; from: string; to: string };

/** `typeErrors` checks a copy of examples/front-end with a change in it, and returns the errors. */
const test = base.extend<{ typeErrors: (change?: Change) => Promise<string[]> }>({
  typeErrors: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'front-end-types-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const file of ['package.json', 'tsconfig.json']) await cp(join(ROOT, file), join(folder, file));
    const copy = join(folder, 'examples/front-end');
    await use(async (change) => {
      await cp(join(ROOT, 'examples/front-end'), copy, { recursive: true });
      if (change) await replace(join(copy, change.file), change);
      const { stdout, error } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', copy], {
        encoding: 'utf8',
      });
      if (error) throw error;
      return stdout.trim().split('\n').filter(Boolean);
    });
    await rm(folder, { recursive: true });
  },
});

async function replace(path: string, { from, to }: Change): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text.split(from)).toHaveLength(2);
  await writeFile(path, text.replace(from, to));
}

describe('the front-end’s types', () => {
  test('the front end type-checks', async ({ typeErrors }) => {
    expect(await typeErrors()).toEqual([]);
  });

  test.for([
    ['a field that the API does not have', 'operations.ts', 'agentType\n', 'agentTyp\n', /'agentType' does not exist/],
    ['a field that is not selected', 'main.tsx', '{ seq, agentType,', '{ seq, metadata,', /'metadata' does not exist/],
    [
      'an operation that the API does not have',
      'operations.ts',
      ' startWorkflow(',
      ' startFlow(',
      /'startWorkflow' does not/,
    ],
    [
      'an input field that the API does not have',
      'main.tsx',
      'input: { userInput,',
      'input: { idea: userInput,',
      /'idea' does not/,
    ],
    [
      'an enum value that the API does not have',
      'main.tsx',
      '{level}',
      "{level === 'DEBUG' ? '' : level}",
      /"DEBUG".* no overlap/,
    ],
  ] as const)('the front end does not type-check with %s', async ([, file, from, to, expected], { typeErrors }) => {
    expect((await typeErrors({ file, from, to })).join('\n')).toMatch(expected);
  });
});
