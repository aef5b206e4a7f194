#!/usr/bin/env node
import module from 'node:module';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { App } from './app.ts';
import { replyTo } from './boot/command-line.ts';
import { loadEnvFile } from './boot/env-file.ts';
import { createRedactSecrets } from './boot/redact-secrets.ts';
import { type Config, ConfigError, parseConfig } from './config/parse-config.ts';

/** Errors whose message is one line that tells the person who started us what to do. */
const FOR_PEOPLE = new Set(['StartupError', 'EmbeddedPostgresError', 'ListenError']);

/** The published package has JavaScript, and no demo. */
const IS_CHECKOUT = import.meta.filename.endsWith('.ts');

function readConfig(): Config {
  try {
    loadEnvFile();
    return parseConfig(process.env);
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : error];
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
}

/** The server's own log, on stderr: lines for a person at a terminal, JSON for a program. */
function createLog(config: Config): Logger {
  const options = { level: config.logLevel, hooks: { streamWrite: createRedactSecrets(config) } };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}

const reply = replyTo(process.argv.slice(2), process.versions.node);
if (reply !== null) {
  console[reply.exitCode === 0 ? 'log' : 'error'](reply.text);
  process.exit(reply.exitCode);
}

const config = readConfig();
const log = createLog(config);
for (const warning of config.warnings) log.warn(warning);

// The largest part of a start is loading what follows; kept compiled, it is a third less.
module.enableCompileCache();
const { createApp } = await import('./app.ts');

let stopping = false;

const starting = createApp(config, log, (reason) => {
  log.fatal(reason);
  void stop(1);
});

async function stop(exitCode: number): Promise<void> {
  stopping = true;
  const app = await starting.catch(() => null);
  await app?.close();
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second signal quits now; what was under way is taken up by the next start.
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    console.log(
      'Stopping: calls in flight may end, what is left goes on in another process or at the next start. Once more to quit now.',
    );
    void stop(0);
  });
}

async function start(): Promise<void> {
  const app = await starting.catch((error: unknown) => {
    if (error instanceof Error && FOR_PEOPLE.has(error.name)) console.error(error.message);
    else log.fatal({ err: error }, 'the service could not start');
    process.exit(1);
  });
  if (!stopping) greet(app);
}

function greet(app: App): void {
  if (config.role === 'worker') {
    console.log(`Ready: worker, health at ${app.url}/health/ready`);
    return;
  }
  console.log(`Ready: GraphQL API at ${app.url}/graphql`);
  if (config.server.graphiql) console.log('  try it by hand: open it in a browser');
  if (IS_CHECKOUT) console.log('  see a room run: npm run demo -- "a lighthouse that remembers drowned sailors"');
  for (const part of app.embedded) console.log(`  embedded: ${part}`);
}

await start();
