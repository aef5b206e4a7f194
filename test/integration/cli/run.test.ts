import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { Interrupted } from '../../../src/cli/interruption.ts';
import type { Display } from '../../../src/cli/run/display.ts';
import type { Outcome } from '../../../src/cli/run/result.ts';
import { runIdea } from '../../../src/cli/run/run-idea.ts';
import { after, hang, json, text } from '../../support/agents/scripted-answers.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { freePort } from '../../support/network/free-port.ts';
import { startTcpProxy } from '../../support/network/tcp-proxy.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { SECRET, tokenOf } from '../../support/server/tokens.ts';
import { waitFor } from '../../support/wait-for.ts';

const SERVER = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const IDEA = 'a lighthouse that remembers drowned sailors';

// Most tests start two programs from their sources.
vi.setConfig({ testTimeout: 60_000 });

/** A program under test, its output so far, and its exit code. */
type Program = { child: ChildProcess; out: () => string; err: () => string; code: Promise<number | null> };

/** `run` starts the command or the service with the test's own database and scripted agents, on a free port. */
const test = base.extend<{
  port: number;
  env: NodeJS.ProcessEnv;
  run: (args: string[], env?: NodeJS.ProcessEnv) => Program;
}>({
  port: async ({}, use) => use(await freePort()),
  env: async ({ database, agents, port }, use) =>
    use({
      PATH: process.env['PATH'],
      PORT: String(port),
      DATABASE_URL: database.url,
      STORY_AGENT_URL: agents.urls.story,
      ASSET_AGENT_URL: agents.urls.asset,
      CODE_AGENT_URL: agents.urls.code,
      DEPLOY_AGENT_URL: agents.urls.deploy,
      RETRY_INITIAL_DELAY_MS: '50',
    }),
  run: async ({ env }, use) => {
    const programs: Program[] = [];
    await use((args, overrides = {}) => {
      // In another folder, because a developer may have a .env here.
      const child = spawn(process.execPath, args, { cwd: tmpdir(), env: { ...env, ...overrides } });
      const texts = { out: '', err: '' };
      child.stdout.on('data', (chunk) => (texts.out += chunk));
      child.stderr.on('data', (chunk) => (texts.err += chunk));
      const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
      const program = { child, out: () => texts.out, err: () => texts.err, code };
      programs.push(program);
      return program;
    });
    for (const { child } of programs) child.kill('SIGKILL');
  },
});

const isListening = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/live`).then(
    () => true,
    () => false,
  );

test('the command starts a server if none listens, and stops it when the room is done', async ({
  run,
  agents,
  port,
}) => {
  const command = run([SERVER, 'run', IDEA]);
  expect(await command.code, command.err()).toBe(0);
  expect(agents.callsOf('story')[0]?.body).toMatchObject({ input: IDEA });
  expect(command.out()).toMatch(
    /✔ StoryAgent +attempt 1 +\d+\.\d s\n.*✔ AssetAgent.*\n.*✔ CodeAgent.*\n.*✔ DeployAgent/,
  );
  expect(command.out()).toContain('Page: http://127.0.0.1/deployments/code-cid/');
  expect(command.out()).toContain('Reward: 10 HHCW');
  expect(command.out()).not.toContain('\u001b');
  expect(await isListening(port)).toBe(false);
});

test('the command uses a running server, and leaves it running', async ({ run, port }) => {
  const server = run([SERVER]);
  await waitFor('the server', () => server.out().includes('Ready'));
  for (const idea of ['a clock of rain', 'a library of smells']) {
    const command = run([SERVER, 'run', ...idea.split(' ')], { CODE_AGENT_BEHAVIOUR: 'hang' });
    expect(await command.code, command.err()).toBe(0);
    expect(command.out()).toContain(`“${idea}”`);
    expect(command.out()).toContain('it ignores CODE_AGENT_BEHAVIOUR, which only applies when a server starts');
    expect(command.out()).not.toContain('npm start');
  }
  expect(await isListening(port)).toBe(true);
});

test('a room in error makes the command fail, with the reasons and the attempts', async ({ run, agents }) => {
  agents.script.asset = () => json({ error: 'no paint left' }, { status: 500 });
  const command = run([SERVER, 'run', IDEA]);
  expect(await command.code).toBe(1);
  expect(command.out()).toMatch(/✖ AssetAgent +attempt 3/);
  expect(command.err()).toMatch(/in error: .*500/);
});

test('a lost connection repeats no line, loses none, and starts nothing twice', async ({ run, agents, port }) => {
  const cut = Promise.withResolvers<void>();
  agents.script.code = () => after(cut.promise, json({ code: '<p>lamp</p>', cid: 'code-cid' }));
  const server = run([SERVER]);
  await waitFor('the server', () => server.out().includes('Ready'));
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.close());

  const command = run([SERVER, 'run', '--url', `http://127.0.0.1:${proxy.port}/graphql`, IDEA]);
  await agents.waitForCall('code');
  await waitFor('a line of the log', () => command.out().includes('StoryAgent'));
  proxy.cut();
  proxy.restore();
  cut.resolve();

  expect(await command.code, command.err()).toBe(0);
  expect(command.out()).toContain('Connection lost');
  expect(agents.callsOf('story')).toHaveLength(1);
  const logLines = command.out().match(/^ +[\d.]+ s {2}.*$/gm) ?? [];
  expect(new Set(logLines).size).toBe(logLines.length);
  expect(logLines.at(-1)).toContain('Orchestrator');
});

test('Ctrl-C cancels the workflow and stops the server', async ({ run, agents, port, database, rows }) => {
  agents.script.story = () => hang();
  const command = run([SERVER, 'run', IDEA]);
  const call = await agents.waitForCall('story');
  command.child.kill('SIGINT');
  expect(await command.code).toBe(130);
  expect(command.out()).toContain('⊘ StoryAgent');
  expect(await call.closed).toBe(true);
  expect(await isListening(port)).toBe(false);
  const [workflow] = await database.db.query.workflows.findMany();
  expect((await rows.workflow(workflow!.id)).status).toBe('cancelled');
});

test('the command’s own server keeps running after the result on a terminal, until Ctrl-C', async ({ env, port }) => {
  const interruption = new AbortController();
  const result = Promise.withResolvers<Outcome>();
  const display: Display = { note: () => {}, update: () => {}, close: () => {} };
  const request = { idea: IDEA, url: null, token: null, env, keepServing: true };
  const running = runIdea(request, display, result.resolve, interruption.signal);
  const { ok, lines } = await Promise.race([
    result.promise,
    running.then(() => Promise.reject(new Error('no result'))),
  ]);
  expect(ok).toBe(true);
  expect(lines.at(-1)).toContain('Press Ctrl-C to stop it');
  expect(await isListening(port)).toBe(true);
  interruption.abort(new Interrupted('SIGINT'));
  await running;
  expect(await isListening(port)).toBe(false);
});

test('a service that requires a token gets it from --token or HAUNTEDAI_TOKEN', async ({ run }) => {
  const server = run([SERVER], { AUTH_JWT_SECRET: SECRET });
  await waitFor('the server', () => server.out().includes('Ready'));
  const token = await tokenOf('ada');
  for (const command of [
    run([SERVER, 'run', '--token', token, IDEA]),
    run([SERVER, 'run', IDEA], { HAUNTEDAI_TOKEN: token }),
  ]) {
    expect(await command.code, command.err()).toBe(0);
  }
  const refused = run([SERVER, 'run', IDEA]);
  expect(await refused.code).toBe(1);
  expect(refused.err()).toMatch(/^Access denied: .+ Pass a token with --token or the variable HAUNTEDAI_TOKEN\.$/m);
});

test('a server that cannot start is reported with its own message', async ({ run }) => {
  const command = run([SERVER, 'run', IDEA], { RETRY_MAX_ATTEMPTS: 'many' });
  expect(await command.code).toBe(1);
  expect(command.err()).toContain('RETRY_MAX_ATTEMPTS: must be');
  expect(command.err()).not.toContain('    at ');
});

test.for([
  ['a page', text('<p>not GraphQL</p>'), /is not this service\. Set PORT/],
  ['JSON', json({ status: 'ok' }), /No GraphQL over WebSocket at this URL/],
] as const)(
  'another program at the port, which answers with %s, is not mistaken for the service',
  async ([, answer, reason], { run, agents }) => {
    agents.script.story = () => answer;
    const command = run([SERVER, 'run', IDEA], { PORT: new URL(agents.urls.story).port });
    expect(await command.code).toBe(3);
    expect(command.err()).toMatch(reason);
  },
);

test('another program at --url is not mistaken for the service', async ({ run, agents }) => {
  agents.script.story = () => text('<p>not GraphQL</p>');
  const command = run([SERVER, 'run', '--url', agents.urls.story, IDEA]);
  expect(await command.code).toBe(3);
  expect(command.err()).toMatch(/is not this service\. Omit --url/);
});

test('an invalid command line starts nothing', async ({ run, port }) => {
  for (const args of [[], [' '], ['--nope', 'idea'], ['x'.repeat(10_001)]]) {
    const command = run([SERVER, 'run', ...args]);
    expect(await command.code).toBe(2);
    expect(command.err()).toContain('--help');
    expect(command.out()).toBe('');
  }
  expect(await isListening(port)).toBe(false);
});

test('the command needs nothing else: database and agents are built in', async ({ run, port }) => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const agents = { STORY_AGENT_URL: '', ASSET_AGENT_URL: '', CODE_AGENT_URL: '', DEPLOY_AGENT_URL: '' };
  const command = run([SERVER, 'run', IDEA], { ...agents, DATABASE_URL: '', DATA_DIR: join(folder, 'data') });
  expect(await command.code, command.err()).toBe(0);
  expect(command.out()).toContain(`Page: http://127.0.0.1:${port}/deployments/`);
  expect(command.out()).toContain(`Picture: http://127.0.0.1:${port}/deployments/`);
  expect(command.out()).toContain('run `npm start` and open the URL');
});

test('--json prints the result as one line and nothing else', async ({ run }) => {
  const command = run([SERVER, 'run', '--json', IDEA]);
  expect(await command.code, command.err()).toBe(0);
  expect(JSON.parse(command.out())).toEqual({
    roomId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    workflowId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'SUCCEEDED',
    error: null,
    story: 'The lamp went out. Somebody lit it again.',
    imageUrl: 'http://127.0.0.1/image.svg',
    deploymentUrl: 'http://127.0.0.1/deployments/code-cid/',
    reward: 10,
  });
});

test('a --url at which nothing listens ends with exit code 3', async ({ run }) => {
  const command = run([SERVER, 'run', '--url', `http://127.0.0.1:${await freePort()}`, IDEA]);
  expect(await command.code).toBe(3);
  expect(command.err()).toMatch(/^Nothing listens at http:/);
});
