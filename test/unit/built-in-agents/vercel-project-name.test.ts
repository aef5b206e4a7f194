import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vercelProjectName } from '../../../src/built-in-agents/publish/vercel/project-name.ts';

test.each([
  ['hauntedai-0192aaaa-0000-7000-8000-000000000001', 'hauntedai-0192aaaa-0000-7000-8000-000000000001'],
  ['  The Lamp That Hums! ', 'the-lamp-that-hums'],
  ['Spökhuset på Ön', 'spokhuset-pa-on'],
  ['a---b', 'a-b'],
  ['..hidden..', 'hidden'],
  ['幽霊', 'hauntedai'],
  [`${'x'.repeat(99)} y`, 'x'.repeat(99)],
])('the project for %j is called %j', (name, project) => {
  expect(vercelProjectName(name)).toBe(project);
});

test('whatever a project is to be called, its name is one that Vercel accepts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (name) => {
      const project = vercelProjectName(name);
      expect(project).toMatch(/^[a-z0-9._-]{1,100}$/);
      expect(project).not.toContain('---');
    }),
    { numRuns: 50 },
  );
});
