import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkGeneratedPage } from '../../../src/built-in-agents/page/check-generated-page.ts';
import { confinement } from '../../../src/built-in-agents/page/confined-process.ts';
import { makePage } from '../../../src/built-in-agents/page/make-page.ts';

const pages = join(import.meta.dirname, 'generated-pages');
const goodPages = readdirSync(join(pages, 'good'));
const page = (script: string) =>
  `<!doctype html>\n<html lang="en"><head><title>x</title></head><body><p>x</p>\n<script>\n${script}\n</script></body></html>`;

describe('pages that models write', () => {
  test.concurrent.each(goodPages)('%s passes the check', async (name) => {
    const html = readFileSync(join(pages, 'good', name), 'utf8');
    expect(await checkGeneratedPage(html)).toEqual({ problems: [] });
  });

  test.concurrent.each([
    ['cut-off-in-the-script', ['Line 6: <script> is not closed.', 'Line 11: The script does not compile']],
    [
      'scripts-and-fonts-from-a-cdn',
      [
        'Line 5: <link> loads https://fonts',
        'Line 6: <script> loads https://cdnjs',
        'Line 8: The style has @import',
        'Line 9: The style loads images/fog.png',
        'Line 14: <img> loads ghost.png',
        'Line 14: <img> loads ghost@2x.png',
        'Line 15: <iframe> shows another page',
      ],
    ],
    ['element-used-before-it-exists', ['Line 6: The page threw an error while a script ran: TypeError']],
    ['error-when-the-game-begins', ['Line 13: The page threw an error while it was clicked: TypeError']],
    ['negative-radius', ['IndexSizeError: arc() was given the negative radius -1']],
    ['storage-and-dialogs', ['Line 13: alert() shows nothing', 'Line 14: localStorage throws']],
    ['tags-left-open', ['does not begin with <!doctype html>', '<title>', '<h1>', '<button>', '<section>']],
    [
      'answers-from-a-server',
      [
        'Line 5: <form> sends to',
        'Line 8: import',
        'Line 10: A form is never',
        'Line 12: fetch()',
        'Line 16: new WebSocket()',
      ],
    ],
    ['promise-that-fails', ['Line 10: The page threw an error while a promise was settled']],
    ['syntax-error-in-an-attribute', ['Line 5: onclick="ring(', 'Line 8: The script does not compile']],
    ['images-added-by-a-script', ['<img> loads https://example.com/bat.png from outside']],
  ])('%s.html has the problems that it is named after, each in one sentence', async (name, expected) => {
    const { problems } = await checkGeneratedPage(readFileSync(join(pages, 'broken', `${name}.html`), 'utf8'));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('the pages of the built-in agent pass the check, whichever game they have', async () => {
    const stories = [
      'make a snake game',
      'a maze under the city',
      'an interactive quiz about Denise',
      'a clock of rain',
    ];
    const made = await Promise.all(
      stories.map((story) => makePage({ story: `${story}. It rained.`, imageTheme: story }, async () => null)),
    );
    expect(new Set(made.map(({ game }) => game)).size).toBeGreaterThan(1);
    const checked = await Promise.all(made.map(({ html }) => checkGeneratedPage(html)));
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
  });
});

describe('limits of a check', () => {
  test.concurrent('a loop that does not end is stopped, and its script is named', async () => {
    const html = readFileSync(join(pages, 'broken', 'loop-that-never-ends.html'), 'utf8');
    const { problems } = await checkGeneratedPage(html, { milliseconds: 1_500 });
    expect(problems).toEqual([expect.stringMatching(/^Line 6: The page was stopped after 1\.5 s, while a script ran/)]);
  });

  test.concurrent.each([
    ['in the heap', 'const all = []; for (;;) all.push(new Array(1e6).fill(1));'],
    ['outside of the heap', 'const all = []; for (;;) all.push(new Uint8Array(3e7).fill(1));'],
  ])('a page that takes memory without end %s is stopped', async (_where, script) => {
    const { problems } = await checkGeneratedPage(page(script), { megabytes: 96, milliseconds: 30_000 });
    expect(problems).toEqual([expect.stringMatching(/needs more than 96 MB of memory/)]);
  });

  test.concurrent('a page that nests elements too deeply is stopped, and the caller is not held up meanwhile', async () => {
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    const html = `<!doctype html><title>x</title>${'<div>'.repeat(800_000)}`;
    const { problems } = await checkGeneratedPage(html, { milliseconds: 1_500 });
    clearInterval(ticks);
    expect(problems).toEqual([expect.stringContaining('stopped')]);
    expect(longest).toBeLessThan(1_400);
  });

  test('a page that is empty or too large is not started', async () => {
    expect((await checkGeneratedPage(' \n')).problems).toEqual(['The page is empty.']);
    expect((await checkGeneratedPage(page(''), { bytes: 10 })).problems).toEqual([
      expect.stringMatching(/^The page has \d+ bytes; at most 10 are allowed\.$/),
    ]);
  });
});

describe('pages that attack the check', () => {
  const secret = 'a-secret-of-the-service';

  test('a page that looks for a way out gets an error at each attempt', async () => {
    const attempts = [
      'document.title = process.env.PATH;',
      `this.constructor.constructor('return process')();`,
      `setTimeout.constructor('return process')();`,
      `try { document.querySelector('[') } catch (e) { e.constructor.constructor('return process')() }`,
      `import('node:child_process').then((m) => m.execSync('true'));`,
      `require('child_process').fork('x');`,
    ];
    const scripts = attempts.map((attempt) => `<script>${attempt}</script>`);
    const { problems } = await checkGeneratedPage(`<!doctype html><title>x</title><p>x</p>\n${scripts.join('\n')}`);
    const lines = problems.filter((text) => text.includes('The page threw an error')).map((text) => text.split(':')[0]);
    expect(lines).toEqual(attempts.map((_, index) => `Line ${index + 2}`));
    expect(problems.join()).not.toContain(secret);
  });

  test('a page reaches no server, also with the settings of the simulated browser changed', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    await checkGeneratedPage(
      page(`
        const settings = window.happyDOM?.settings ?? {};
        Object.assign(settings, { disableJavaScriptFileLoading: false, disableCSSFileLoading: false, enableCSSFileLoading: true, disableIframePageLoading: false, enableIframePageLoading: true, enableImageFileLoading: true });
        Object.assign(settings.navigation ?? {}, { disableMainFrameNavigation: false, disableChildFrameNavigation: false });
        for (const [tag, name] of [['script', 'src'], ['iframe', 'src'], ['img', 'src'], ['link', 'href']]) {
          const element = document.createElement(tag);
          if (tag === 'link') element.rel = 'stylesheet';
          element.setAttribute(name, '${url}');
          document.body.append(element);
        }
        fetch('${url}').catch(() => {});
        location.href = '${url}';`),
    );
    server.close();
    expect(connections).toBe(0);
  });

  test('code that leaves the simulated browser can read and start nothing', () => {
    const marker = join(tmpdir(), `escaped-${process.pid}`);
    const attempts = `
      const tries = {
        read: () => process.getBuiltinModule('fs').readFileSync('/etc/hostname'),
        list: () => process.getBuiltinModule('fs').readdirSync('/'),
        write: () => process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(marker)}, 'x'),
        fork: () => process.getBuiltinModule('child_process').spawnSync('true').error ?? 0,
        thread: () => new (process.getBuiltinModule('worker_threads').Worker)('1', { eval: true }),
        inspector: () => process.getBuiltinModule('inspector').open(0),
        binding: () => process.binding('fs'),
        code: () => new Function('return 1')(),
        secret: () => { if (Object.values(process.env).includes(${JSON.stringify(secret)})) return 0; throw new Error('no secret'); },
      };
      const done = [];
      for (const [name, attempt] of Object.entries(tries)) {
        try { const result = attempt(); if (result instanceof Error) throw result; done.push(name); } catch {}
      }
      process.stdout.write(JSON.stringify(done));`;
    const program = join(import.meta.dirname, '../../../src/built-in-agents/page/generated/main.ts');
    const { stdout } = spawnSync(process.execPath, [...confinement(program, 64), '-e', attempts], { env: {} });
    expect({ done: JSON.parse(String(stdout)), written: existsSync(marker) }).toEqual({ done: [], written: false });
  });
});
