import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { orchestratorSettings } from '../../src/library/resolve-settings.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const exists = (path: string) => existsSync(new URL(path, root));
const list = (folder: string) => readdirSync(new URL(folder, root), { withFileTypes: true });

const inFolder = (folder: string) => list(folder).map(({ name }) => `${folder}/${name}`);
const decisions = inFolder('docs/decisions');
/** What users read; a test runs every program in them. */
const USER_DOCS = ['README.md', ...inFolder('docs/guides')];
const DOCS = [
  ...USER_DOCS,
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/configuration.md',
  'docs/traceability.md',
  'docs/performance.md',
  ...decisions,
];

/** The contents of all fenced code blocks of a language. */
function snippets(path: string, language: string): string[] {
  return [...read(path).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** The cells of each row of the table whose first heading is `heading`. */
function rows(path: string, heading: string): string[][] {
  const [, table = ''] = read(path).split(new RegExp(`^\\| ${heading} \\|.*\n\\| ---.*\n`, 'm'));
  const lines = table.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const inBackticks = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** Whether the text is `a test file` “title”, and a test or a group in that file has this title, or ends in it. */
function namesTest(text: string): boolean {
  const [file = ''] = inBackticks(text);
  const [, title = ''] = /“(.+)”/.exec(text) ?? [];
  if (!file.endsWith('.test.ts') || !exists(file) || title === '') return false;
  const source = read(file).replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => [quote, ' '].some((before) => source.includes(`${before}${title}${quote},`)));
}

test('README.md has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('docs/configuration.md names every variable of .env.example once, with the same default', () => {
  const documented = [...read('docs/configuration.md').matchAll(/^\| (`[A-Z][^|]*) \| ([^|]*) \|/gm)].flatMap(
    ([, names = '', initial = '']) => inBackticks(names).map((name) => [name, /^`(.+)`$/.exec(initial)?.[1] ?? '']),
  );
  const known = [...read('.env.example').matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, ...pair]) => pair);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known));
  expect(documented).toHaveLength(known.length);
});

test('the library guide names every option with its variable and default', () => {
  const options = rows('docs/guides/library.md', 'Option').map((cells) => cells.flatMap(inBackticks));
  const settingAt = (path: string, env: Record<string, string> = {}) => {
    const { agents, policy: retry } = orchestratorSettings({}, env);
    return path.split('.').reduce((value: unknown, key) => Reflect.get(Object(value), key), { agents, retry });
  };
  expect(options).toHaveLength(4 + 4 + 4);
  for (const [path = '', variable = '', initial = ''] of options) {
    expect(String(settingAt(path)), path).toBe(initial);
    const other = path.endsWith('url') ? 'http://elsewhere.test' : '7';
    expect(String(settingAt(path, { [variable]: other })), variable).toBe(other);
  }
});

describe('README.md and the guides', () => {
  const inAll = (...languages: string[]) =>
    USER_DOCS.flatMap((path) => languages.flatMap((language) => snippets(path, language)));

  test('README.md and the guides show only programs that are in examples/, where tests run them', () => {
    const files = ['examples', 'examples/front-end'].flatMap((folder) =>
      list(folder).flatMap((entry) => (entry.isFile() ? [read(`${folder}/${entry.name}`)] : [])),
    );
    const programs = inAll('ts', 'tsx', 'js');
    expect(programs.length).toBeGreaterThanOrEqual(6);
    for (const program of programs) expect(files.filter((text) => text.includes(program))).toHaveLength(1);
  });

  test('every GraphQL operation in README.md and the guides is valid against the schema', () => {
    const schema = buildSchema(read('schema.graphql'));
    const operations = inAll('graphql');
    expect(operations.length).toBeGreaterThan(0);
    expect(operations.flatMap((text) => validate(schema, parse(text)))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const folders = rows('ARCHITECTURE.md', 'Folder').flatMap(([names = '']) => inBackticks(names));

  test('ARCHITECTURE.md lists every folder of src/, and no folder that does not exist', () => {
    const inSrc = list('src').filter((entry) => entry.isDirectory());
    expect(folders).toEqual(expect.arrayContaining(inSrc.map(({ name }) => `src/${name}/`)));
    expect(folders.filter((folder) => !exists(folder))).toEqual([]);
    expect(new Set(folders).size).toBe(folders.length);
  });

  test('ARCHITECTURE.md names an existing test for each invariant', () => {
    const invariants = rows('ARCHITECTURE.md', 'Invariant');
    expect(invariants.length).toBeGreaterThan(10);
    expect(invariants.filter(([, named = '']) => !namesTest(named))).toEqual([]);
  });
});

describe('docs/traceability.md', () => {
  const requirements = rows('docs/traceability.md', 'Requirement');

  test('docs/traceability.md names code and tests that exist', () => {
    const dangling = requirements.filter(([, , code = '', named = '']) => {
      const [name = '', file = ''] = inBackticks(code);
      return !exists(file) || !new RegExp(`\\b${name}\\b`).test(read(file)) || !namesTest(named);
    });
    expect(dangling).toEqual([]);
  });

  test('docs/traceability.md has every requirement and property', () => {
    const all = requirements.map(([name]) => name).join();
    for (const name of ['12.1', '12.2', '5.1', '5.2', '4.3', 'Property 44', 'Property 45', 'Property 14']) {
      expect(all).toContain(name);
    }
  });
});

describe('decisions', () => {
  test.each(decisions)('%s has a number, a status and three sections', (path) => {
    const number = /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1];
    expect(read(path)).toMatch(new RegExp(`^# ${number}: .+     Status: (accepted|superseded by \\d{4})\n`));
    const parts = [...read(path).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(parts).toEqual(['Context', 'Decision', 'Consequences']);
  });

  test('no two decisions have the same number', () => {
    const numbers = decisions.map((path) => path.slice('docs/decisions/'.length).slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

test('the newest version in CHANGELOG.md, below Pending, is the version of package.json', () => {
  const [pending, newest] = [...read('CHANGELOG.md').matchAll(/^## (\S+)/gm)].map(([, title]) => title);
  expect([pending, newest]).toEqual(['Pending', JSON.parse(read('package.json')).version]);
});

describe('links and commands', () => {
  test.each(DOCS)('every relative link in %s leads to a file that exists', (path) => {
    const folder = new URL(path, root);
    const links = [...read(path).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^https?:/.test(target));
    expect(local.filter((target) => !existsSync(new URL(target, folder)))).toEqual([]);
  });

  test.each(DOCS)('every path in backticks in %s exists', (path) => {
    const paths = inBackticks(read(path)).filter((text) =>
      /^(src|test|examples|scripts|bench|docs)\/[\w./-]+$/.test(text),
    );
    expect(paths.filter((text) => !exists(text) && text !== 'bench/results/')).toEqual([]);
  });

  test.each(DOCS)('every npm script and every program to run in %s exists', (path) => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const files = [...read(path).matchAll(/(?:npx node|vitest run) (\S+\.ts)\b/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !exists(file))).toEqual([]);
  });
});

describe('comments', () => {
  const files = globSync('{.ci,.github,bench,docs,examples,scripts,src,test}/**/*.*', {
    cwd: root,
    exclude: (path) => path.endsWith('node_modules'),
  });
  const isThere = (path: string) => exists(path) || files.some((file) => file.endsWith(`/${path}`));
  const sources = files.filter((file) => /^(bench|examples|scripts|src|test)\/.*\.(ts|tsx)$/.test(file));

  /** The files that comments name: `src/db/client.ts`, or `client.ts` for a file in any folder. */
  function namedFiles(source: string): string[] {
    const comments = [...source.matchAll(/\/\*[\s\S]*?\*\/|(?:^|\s)\/\/ .*$/gm)].map(([comment]) => comment);
    const names = comments.join('\n').replaceAll(/https?:\/\/\S+/g, '');
    return [...names.matchAll(/(?<![\w*./-])[\w./-]*\w\.(?:tsx?|mjs|md|graphql|html|ya?ml|json)\b/g)].map(
      ([name]) => name,
    );
  }

  test('every file that a comment names exists', () => {
    const dangling = sources.flatMap((file) =>
      namedFiles(read(file)).flatMap((name) => (isThere(name) ? [] : [`${file}: ${name}`])),
    );
    expect(dangling).toEqual([]);
  });
});
