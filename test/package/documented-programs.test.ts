import { join } from 'node:path';
import { test as base, describe, expect, inject } from 'vitest';
import { launchChromium, type TestBrowser } from '../browser/support/chromium.ts';
import { type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { freePort } from '../support/network/free-port.ts';
import { agentUrls } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeProject } from './support/install-package.ts';
import type { Program } from './support/programs.ts';
import { openUserProject, type UserProject } from './support/user-project.ts';

/** The programs that README.md and the guides quote; test/unit/docs.test.ts compares the quotes. */
const PROGRAMS = ['agent.ts', 'library.ts', 'watch-a-room.ts'];
const PAGES = ['index.html', 'graphql-env.d.ts', 'main.tsx', 'operations.ts', 'style.css', 'use-room-log.ts'];
const EACH_CLIENT = 'test/package/programs/each-client.ts';
const PACKAGES = [
  ...['@apollo/client', '@types/node', '@types/react', '@types/react-dom', '@urql/core', 'gql.tada', 'graphql'],
  ...['graphql-ws', 'react', 'react-dom', 'rxjs', 'vite'],
];

type Service = { url: string; agent: Program };

/** A user's project with every program that the docs show, and a service started from the package installed there. */
const test = base.extend<{ agents: ScriptedAgents; browser: TestBrowser; project: UserProject; service: Service }>({
  project: [
    async ({}, use) => {
      const { tarball, folder } = inject('installed');
      const project = await openUserProject({
        tarball,
        folder: await makeProject(join(folder, '../guide-reader'), tarball, PACKAGES),
      });
      for (const name of [...PROGRAMS, 'resuming-client.ts'])
        await project.write(`examples/${name}`, { from: `examples/${name}` });
      for (const name of PAGES) await project.write(`front-end/${name}`, { from: `examples/front-end/${name}` });
      await project.write('front-end/room-log.html', { from: 'examples/room-log.html' });
      await project.write(EACH_CLIENT, { from: EACH_CLIENT });
      await use(project);
      await project.close();
    },
    { scope: 'worker' },
  ],
  agents: [
    async ({}, use) => {
      const agents = await startScriptedAgents();
      await use(agents);
      await agents.close();
    },
    { scope: 'worker' },
  ],
  /** The service, with examples/agent.ts as its StoryAgent. */
  service: [
    async ({ project, agents }, use) => {
      const agent = project.start('node', ['examples/agent.ts'], { AGENT_PORT: '0' });
      const urls = { ...agentUrls(agents.urls), STORY_AGENT_URL: await agent.waitForOutput(/listens on (\S+)/) };
      const env = { PORT: '0', DATA_DIR: join(project.folder, 'data'), ...urls };
      const program = project.start('node_modules/.bin/hauntedai-orchestrator', [], env);
      await use({ url: await program.waitForOutput(/^Ready: GraphQL API at (\S+)$/m), agent });
      program.kill('SIGTERM');
      await program.exitCode;
    },
    { scope: 'worker' },
  ],
  browser: async ({}, use) => {
    const browser = await launchChromium();
    await use(browser);
    await browser.close();
  },
});

const START = 'mutation { startWorkflow(input: { userInput: "a lighthouse" }) { workflow { id } room { id } } }';

async function start(url: string): Promise<{ workflowId: string; roomId: string; messages: () => Promise<string[]> }> {
  type Started = { startWorkflow: { workflow: { id: string }; room: { id: string } } };
  const { workflow, room } = dataOf(await query<Started>(url, START)).startWorkflow;
  const log = `query { room(id: "${room.id}") { logs(first: 100) { edges { node { message } } } } }`;
  type Log = { room: { logs: { edges: { node: { message: string } }[] } } };
  const messages = async () => dataOf(await query<Log>(url, log)).room.logs.edges.map(({ node }) => node.message);
  return { workflowId: workflow.id, roomId: room.id, messages };
}

describe('documented programs in a project with the package installed', () => {
  test('all programs in README.md and the guides type-check', async ({ project }) => {
    const strict = { strict: true, noEmit: true, target: 'es2024', allowImportingTsExtensions: true };
    const check = async (name: string, compilerOptions: object, files: string[]) => {
      await project.write(name, JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, files }));
      expect(await project.run('tsc', '--project', name)).toBe('');
    };
    const bundled = { module: 'esnext', moduleResolution: 'bundler' };
    const programs = PROGRAMS.map((name) => `examples/${name}`);
    await check('tsconfig.programs.json', { module: 'nodenext', types: ['node'] }, programs);
    // Apollo Client's type declarations assume a bundler.
    await check('tsconfig.clients.json', { ...bundled, types: ['node'] }, ['examples/resuming-client.ts', EACH_CLIENT]);
    const lib = ['es2024', 'dom', 'dom.iterable'];
    const pages = ['graphql-env.d.ts', 'main.tsx'].map((name) => `front-end/${name}`);
    await check('tsconfig.pages.json', { ...bundled, jsx: 'react-jsx', types: [], lib }, pages);
  });

  test('the example agent writes the story, and the example program watches the room', async ({ project, service }) => {
    const watcher = project.start('node', ['examples/watch-a-room.ts', 'a lighthouse'], {
      API_URL: service.url.replace(/^http/, 'ws'),
    });
    expect(await watcher.exitCode, watcher.output()).toBe(0);
    expect(watcher.output()).toContain('STORY: Listening to the wind');
    expect(watcher.output()).toMatch(/Workflow finished in .*\n$/);
  });

  test('the graphql-ws client, Apollo Client and urql receive the same log', async ({ project, service }) => {
    const { workflowId, roomId, messages } = await start(service.url);
    const printed = await project.run('node', EACH_CLIENT, service.url, roomId, workflowId);
    const received = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const all = await messages();
    expect(all.at(-1)).toContain('Workflow finished');
    expect(received).toEqual([
      ['graphqlWs', all],
      ['apollo', all],
      ['urql', all],
    ]);
  });

  test('both example pages show a room to the end of its workflow', async ({ project, service, browser }) => {
    const port = String(await freePort());
    const vite = project.start('node_modules/.bin/vite', [
      'front-end',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      '--strictPort',
    ]);
    await vite.waitForOutput(/(http:\/\/127\.0\.0\.1:\d+)/);
    const page = await browser.context.newPage();
    await page.goto(`http://127.0.0.1:${port}/?api=${encodeURIComponent(service.url.replace(/^http/, 'ws'))}`);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('link', { name: 'The page' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Workflow finished' }).waitFor();

    const { workflowId, roomId, messages } = await start(service.url);
    const { origin } = new URL(service.url);
    await page.goto(`http://127.0.0.1:${port}/room-log.html?api=${origin}&room=${roomId}&workflow=${workflowId}`);
    await page.getByRole('listitem').filter({ hasText: 'Workflow finished' }).waitFor();
    const shown = await page.getByRole('listitem').allTextContents();
    await waitFor('the same lines', async () => (await messages()).length === shown.length);
  });
});
