import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { hang } from '../../support/agents/scripted-answers.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { freePort } from '../../support/network/free-port.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const LIBRARY = new URL('../../../src/index.ts', import.meta.url).href;

type Program = { child: ChildProcess; output: () => string; code: Promise<number | null> };

/** `example` runs a file of examples/ or scripts/; `serve` runs the service. Both are stopped after the test. */
const test = base.extend<{
  example: (file: string, env: Record<string, string>, ...args: string[]) => Program;
  serve: (env?: Record<string, string>) => Promise<ServiceProcess>;
}>({
  example: async ({}, use) => {
    const programs: Program[] = [];
    await use((file, env, ...args) => {
      const path = fileURLToPath(new URL(file, new URL('../../../examples/', import.meta.url)));
      const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (part) => (text += part));
      const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
      const program = { child, output: () => text, code };
      programs.push(program);
      return program;
    });
    for (const { child } of programs) child.kill('SIGKILL');
  },
  serve: async ({ database }, use) => {
    const services: ServiceProcess[] = [];
    await use(async (env = {}) => {
      const service = await startService({ DATABASE_URL: database.url, ...env });
      services.push(service);
      return service;
    });
    for (const service of services) await service.stop('SIGKILL');
  },
});

const webSocket = (graphqlUrl: string) => ({ API_URL: graphqlUrl.replace(/^http/, 'ws') });

/** The `seq` of each line that watch-a-room.ts printed. */
const seqs = (output: string) => [...output.matchAll(/^(\d+) [A-Z]+: /gm)].map(([, seq]) => Number(seq));
const fromOne = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('watch-a-room.ts', () => {
  test('watch-a-room.ts prints each line of the workflow once, in order, even if the service is killed and restarted', async ({
    agents,
    serve,
    example,
  }) => {
    agents.script.code = (_call, nth) => (nth === 1 ? hang() : undefined);
    const env = { PORT: String(await freePort()), ...agentUrls(agents.urls) };
    const first = await serve(env);
    const watcher = example('watch-a-room.ts', webSocket(first.graphqlUrl), 'a lighthouse');
    await agents.waitForCall('code');
    await waitFor('a line of the log', () => watcher.output().includes('AssetAgent finished'));
    await first.stop('SIGKILL');
    await waitFor('the message', () => watcher.output().includes('Is the service running (npm start)?'));
    await serve(env);

    expect(await watcher.code, watcher.output()).toBe(0);
    const lines = seqs(watcher.output());
    expect(lines).toEqual(fromOne(lines.length));
    expect(watcher.output()).toMatch(/Deployed: .*\n.*Reward paid: 10 HHCW\n.*Workflow finished in .*\n$/);
  });
});

describe('agent.ts', () => {
  test('agent.ts replaces StoryAgent: its progress is shown, its story is used, and its refusal is final', async ({
    agents,
    serve,
    example,
  }) => {
    const agent = example('agent.ts', { AGENT_PORT: '0' });
    const url = await waitFor('the agent', () => /listens on (\S+)/.exec(agent.output())?.[1]);
    const { graphqlUrl } = await serve({ ...agentUrls(agents.urls), STORY_AGENT_URL: url });

    const good = example('watch-a-room.ts', webSocket(graphqlUrl), 'a lighthouse');
    expect(await good.code, good.output()).toBe(0);
    expect(good.output()).toContain('STORY: Listening to the wind');
    expect(agents.callsOf('asset')[0]?.body).toMatchObject({
      story: 'Once there was a lighthouse. Nobody has seen it since.',
      storySummary: 'a lighthouse',
    });

    const refused = example('watch-a-room.ts', webSocket(graphqlUrl), 'a dull lighthouse');
    expect(await refused.code, refused.output()).toBe(0);
    expect(refused.output()).toContain('StoryAgent failed after 1 attempt: this agent does not write dull stories');
  });

  test('agent.ts writes one story per Idempotency-Key, and answers GET /health', async ({ example }) => {
    const agent = example('agent.ts', { AGENT_PORT: '0' });
    const url = await waitFor('the agent', () => /listens on (\S+)/.exec(agent.output())?.[1]);
    const generate = async (input: string) => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'a:story' };
      const answer = await fetch(`${url}/generate`, { method: 'POST', headers, body: JSON.stringify({ input }) });
      return JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '').result.story;
    };
    expect(await generate('another word')).toBe(await generate('a word'));
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('agent.ts names the variable to set when its port is taken', async ({ example }) => {
    const first = example('agent.ts', { AGENT_PORT: '0' });
    const url = await waitFor('the agent', () => /listens on (\S+)/.exec(first.output())?.[1]);
    const second = example('agent.ts', { AGENT_PORT: new URL(url).port });
    expect(await second.code).toBe(1);
    expect(second.output()).toMatch(/^listen EADDRINUSE: .+ Set AGENT_PORT to a free port\.\n$/);
  });
});

describe('library.ts', () => {
  test('library.ts prints the log and the final status of the room, with the built-in agents', async ({ example }) => {
    const program = example('../scripts/run-library-example.ts', {}, 'a lighthouse');
    expect(await program.code, program.output()).toBe(0);
    expect(program.output()).toContain('room-1 story info: Reading your idea');
    expect(program.output()).toContain('room-1 is done\nroom-1 earned 10\n');
  });

  test('library.ts prints why an agent fails', async ({ example }) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const urls = { STORY_AGENT_URL: url, ASSET_AGENT_URL: url, CODE_AGENT_URL: url, DEPLOY_AGENT_URL: url };
    const hook = `data:text/javascript,import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => next(name === '@hauntedai/orchestrator' ? '${LIBRARY}' : name, context) });`;
    const program = example('library.ts', {
      ...urls,
      RETRY_MAX_ATTEMPTS: '1',
      NODE_OPTIONS: `--import=${encodeURI(hook)}`,
    });
    expect(await program.code, program.output()).toBe(0);
    expect(program.output()).toMatch(/room-1 orchestrator error: StoryAgent failed .+ refused the connection/);
    expect(program.output()).toContain('room-1 is error');
  });
});
