/**
 * Rehearses docker-compose.yml without a container engine: follows the Dockerfile in an empty folder, runs its CMD as an
 * unprivileged user with the variables of docker-compose.yml, against a local PostgreSQL and Redis, runs a workflow, and
 * stops the service as an engine would.
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
import { dataOf, query } from '../test/support/clients/graphql-clients.ts';
import { freePort } from '../test/support/network/free-port.ts';
import { startRedis } from '../test/support/redis/test-redis.ts';
import { waitFor } from '../test/support/wait-for.ts';

type Compose = { services: { orchestrator: { environment: Record<string, string>; ports: string[] } } };
type Image = { env: Record<string, string>; user: string; health: string[]; command: string[] };

const root = mkdtempSync(join(tmpdir(), 'rehearse-compose-'));
const app = join(root, 'app');
const bin = join(root, 'bin');
chmodSync(root, 0o755);
mkdirSync(app);
mkdirSync(bin);
cpSync(process.execPath, join(bin, 'node')); // the unprivileged user may have no access to the original
const path = `${bin}:${process.env['PATH']}`;

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as Compose;
const { environment, ports } = compose.services.orchestrator;
const port = await freePort(); // instead of 4000, which may be in use here
const url = `http://localhost:${port}`;
const postgres = await startEmbeddedPostgres({ dataDir: join(root, 'postgres'), log: () => {} });
const redis = await startRedis({ own: true });
let service: ChildProcess | undefined;
try {
  check('the port is published on loopback only', ports.join() === '127.0.0.1:4000:4000');
  const image = buildImage(readFileSync('Dockerfile', 'utf8'));
  check(
    `the Dockerfile installs production dependencies and runs as ${image.user}`,
    image.user !== '' && image.user !== 'root',
  );

  const env = {
    PATH: path,
    HOME: '/nonexistent',
    ...image.env,
    ...environment,
    DATABASE_URL: replaceHost(environment['DATABASE_URL'], '@postgres:5432/', postgres.url),
    REDIS_URL: replaceHost(environment['REDIS_URL'], '//redis:6379', redis.url),
    PUBLIC_URL: replaceHost(environment['PUBLIC_URL'], '//localhost:4000', url),
    PORT: String(port),
  };
  service = run(image.command, env);
  await waitUntil('/health/ready responds with 200', 60_000, async () => (await fetch(`${url}/health/ready`)).ok);
  const [healthCode] = await once(run(image.health, env), 'exit');
  check('the image’s health check succeeds', healthCode === 0);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  check('the page is served', page.ok && (await page.text()).includes('<div id="root">'));
  check('GraphiQL is served', (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).ok);

  const start = 'mutation { startWorkflow(input: { userInput: "a harbour" }) { workflow { id } } }';
  type Started = { startWorkflow: { workflow: { id: string } } };
  const { startWorkflow } = dataOf(await query<Started>(`${url}/graphql`, start));
  await waitUntil('a workflow succeeds', 60_000, async () => {
    const status = `{ workflow(id: "${startWorkflow.workflow.id}") { status } }`;
    const { workflow } = dataOf(await query<{ workflow: { status: string } }>(`${url}/graphql`, status));
    if (workflow.status === 'FAILED') throw new Error('the workflow failed');
    return workflow.status === 'SUCCEEDED';
  });

  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  const [code, signal] = await Promise.race([ended, sleep(35_000, ['still running after 35 s'])]);
  check(`SIGTERM ends the service cleanly (${signal ?? code})`, code === 0);
} finally {
  service?.kill('SIGKILL');
  await redis.stop();
  await postgres.close();
  rmSync(root, { recursive: true, force: true });
}

/** The folder of a stage that is not the image itself. */
function stageFolder(name = ''): string {
  const folder = join(root, `stage-${name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Follows the Dockerfile, with `app` as its WORKDIR. Knows only the instructions that this Dockerfile uses. */
function buildImage(dockerfile: string): Image {
  const image: Image = { env: {}, user: '', health: [], command: [] };
  let folder = app;
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  for (const line of lines.filter((text) => text !== '' && !text.startsWith('#'))) {
    const [, instruction, rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    const words = rest.split(' ');
    if (instruction === 'FROM') {
      check(
        `the base image ${rest} has the same major version as this Node`,
        rest.startsWith(`node:${process.versions.node.split('.')[0]}`),
      );
      Object.assign(image, { env: {}, user: '' });
      folder = words[1] === 'AS' ? stageFolder(words[2]) : app;
    } else if (instruction === 'ENV') {
      Object.assign(image.env, Object.fromEntries(words.map((word) => word.split('='))));
    } else if (instruction === 'COPY') {
      const target = words.at(-1) === './' ? '' : words.at(-1);
      const from = words[0]?.startsWith('--from=') ? stageFolder(words.shift()?.slice('--from='.length)) : '.';
      for (const file of words.slice(0, -1)) {
        const source = from === '.' ? file : join(from, file.replace('/app/', ''));
        cpSync(source, join(folder, target || basename(file)), { recursive: true });
      }
    } else if (instruction === 'RUN') {
      execFileSync('sh', ['-c', rest], {
        cwd: folder,
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
      throw new Error(`unsupported instruction in the Dockerfile: ${line}`);
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

/** Returns `local` instead of a URL of docker-compose.yml, and checks that the latter names `host` of its network. */
function replaceHost(composed: string | undefined, host: string, local: string): string {
  check(`${composed}, replaced by ${new URL(local).host}`, composed?.includes(host) ?? false);
  return local;
}

async function waitUntil(name: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  await waitFor(name, () => condition().catch(falseWhileStarting), timeoutMs);
  check(name, true);
}

/** A TypeError (`fetch failed`) means that the service does not listen yet. Other errors are thrown. */
function falseWhileStarting(error: unknown): false {
  if (service?.exitCode !== null) throw new Error(`the service ended with code ${service?.exitCode}`);
  if (error instanceof TypeError) return false;
  throw error;
}

function check(name: string, condition: boolean): void {
  if (!condition) throw new Error(`check failed: ${name}`);
  console.log(`ok  ${name}`);
}
