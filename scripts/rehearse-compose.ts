/**
 * Rehearses docker-compose.yml where there is no container engine: follows the Dockerfile in an empty folder, then
 * runs its CMD as another, unprivileged user with the variables that docker-compose.yml sets, against a local
 * PostgreSQL and Redis; asks it something, and stops it as an engine would.
 *
 * npm run test:compose
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { startEmbeddedPostgres } from '../src/embedded-postgres/index.ts';
import { freePort } from '../test/support/network/free-port.ts';
import { startRedis } from '../test/support/redis/test-redis.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { ask } from './support/ask.ts';

type Compose = { services: { orchestrator: { environment: Record<string, string>; ports: string[] } } };
type Image = { env: Record<string, string>; user: string; health: string[]; command: string[] };

const root = mkdtempSync(join(tmpdir(), 'rehearse-compose-'));
const app = join(root, 'app');
const bin = join(root, 'bin');
chmodSync(root, 0o755);
mkdirSync(app);
mkdirSync(bin);
cpSync(process.execPath, join(bin, 'node')); // the other user may not be able to enter the folder where ours lies
const path = `${bin}:${process.env['PATH']}`;

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as Compose;
const { environment, ports } = compose.services.orchestrator;
const port = await freePort(); // for 4000, which may be taken where we rehearse
const url = `http://localhost:${port}`;
const postgres = await startEmbeddedPostgres({ dataDir: join(root, 'postgres'), log: () => {} });
const redis = await startRedis({ own: true });
let service: ChildProcess | undefined;
try {
  step('published on loopback alone', ports.join() === '127.0.0.1:4000:4000');
  const image = buildImage(readFileSync('Dockerfile', 'utf8'));
  step(`the Dockerfile installs for production, and runs as ${image.user}`, image.user !== '' && image.user !== 'root');

  const env = {
    PATH: path,
    HOME: '/nonexistent',
    ...image.env,
    ...environment,
    DATABASE_URL: instead(environment['DATABASE_URL'], '@postgres:5432/', postgres.url),
    REDIS_URL: instead(environment['REDIS_URL'], '//redis:6379', redis.url),
    PUBLIC_URL: instead(environment['PUBLIC_URL'], '//localhost:4000', url),
    PORT: String(port),
  };
  service = run(image.command, env);
  await until('/health/ready answers 200', 60_000, async () => (await fetch(`${url}/health/ready`)).ok);
  const [healthCode] = await once(run(image.health, env), 'exit');
  step('the health check agrees', healthCode === 0);
  step('GraphiQL is served', (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).ok);

  const query = 'mutation { startWorkflow(input: { userInput: "a harbour" }) { workflow { id } } }';
  const { startWorkflow } = await ask<{ startWorkflow: { workflow: { id: string } } }>(url, query);
  await until('a workflow started there succeeds', 60_000, async () => {
    const status = `{ workflow(id: "${startWorkflow.workflow.id}") { status } }`;
    const { workflow } = await ask<{ workflow: { status: string } }>(url, status);
    if (workflow.status === 'FAILED') throw new Error('the workflow failed');
    return workflow.status === 'SUCCEEDED';
  });

  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  const [code, signal] = await Promise.race([ended, sleep(35_000, ['still runs after 35 s'])]);
  step(`SIGTERM ends it cleanly (${signal ?? code})`, code === 0);
} finally {
  service?.kill('SIGKILL');
  await redis.stop();
  await postgres.close();
  rmSync(root, { recursive: true, force: true });
}

/** Does what the Dockerfile says, in `app` for its WORKDIR; the little of its language that ours uses. */
function buildImage(dockerfile: string): Image {
  const image: Image = { env: {}, user: '', health: [], command: [] };
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  for (const line of lines.filter((text) => text !== '' && !text.startsWith('#'))) {
    const [, instruction, rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    const words = rest.split(' ');
    if (instruction === 'FROM') {
      step(`its ${rest} is this Node's major version`, rest.startsWith(`node:${process.versions.node.split('.')[0]}`));
    } else if (instruction === 'ENV') {
      Object.assign(image.env, Object.fromEntries(words.map((word) => word.split('='))));
    } else if (instruction === 'COPY') {
      const target = words.at(-1) === './' ? '' : words.at(-1);
      for (const file of words.slice(0, -1)) cpSync(file, join(app, target || basename(file)), { recursive: true });
    } else if (instruction === 'RUN') {
      execFileSync('sh', ['-c', rest], {
        cwd: app,
        env: { ...process.env, ...image.env, PATH: path },
        stdio: 'inherit',
      });
    } else if (instruction === 'USER') {
      image.user = rest;
    } else if (instruction === 'HEALTHCHECK') {
      image.health = JSON.parse(rest.replace(/^.*?CMD /, ''));
    } else if (instruction === 'CMD') {
      image.command = JSON.parse(rest);
    } else if (instruction !== 'WORKDIR' && instruction !== 'EXPOSE') {
      throw new Error(`the rehearsal does not know this line of the Dockerfile: ${line}`);
    }
  }
  return image;
}

function run([program = '', ...args]: string[], env: Record<string, string>): ChildProcess {
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  return spawn(program, args, { cwd: app, env, stdio: ['ignore', 'inherit', 'inherit'], ...ids });
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}

/** `local` in the place of what docker-compose.yml says, which must be on `place`: names and ports of its own network. */
function instead(composed: string | undefined, place: string, local: string): string {
  step(`${composed}, here ${new URL(local).host}`, composed?.includes(place) ?? false);
  return local;
}

async function until(name: string, timeoutMs: number, isSo: () => Promise<boolean>): Promise<void> {
  await waitFor(name, () => isSo().catch(notYet), timeoutMs);
  step(name, true);
}

/** `fetch failed`: nobody listens yet. Any other error is one. */
function notYet(error: unknown): false {
  if (service?.exitCode !== null) throw new Error(`the service ended with code ${service?.exitCode}`);
  if (error instanceof TypeError) return false;
  throw error;
}

function step(name: string, isSo: boolean): void {
  if (!isSo) throw new Error(`not so: ${name}`);
  console.log(`ok  ${name}`);
}
