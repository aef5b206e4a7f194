#!/usr/bin/env node
import module from 'node:module';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { App } from './app.ts';
import { replyTo } from './boot/command-line.ts';
import { loadEnvFile } from './boot/env-file.ts';
import { createRedactSecrets } from './boot/redact-secrets.ts';
import { type Config, ConfigError, parseConfig } from './config/parse-config.ts';

/** Errors whose message is one line for the operator. */
const OPERATOR_ERRORS = new Set(['StartupError', 'EmbeddedPostgresError', 'ListenError']);

/** The published package contains JavaScript, and no demo. */
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

/** The server log, on stderr: readable lines on a terminal, otherwise JSON. */
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

// Loading the rest takes most of the startup time; the compile cache saves a third of it.
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
    // A second signal quits at once. Unfinished work resumes as after a crash.
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    console.log(
      'Shutting down, waiting for calls in flight. Unfinished work resumes in another process or at the next start. ' +
        'Press Ctrl-C again to quit now.',
    );
    void stop(0);
  });
}

async function start(): Promise<void> {
  const app = await starting.catch((error: unknown) => {
    if (error instanceof Error && OPERATOR_ERRORS.has(error.name)) console.error(error.message);
    else log.fatal({ err: error }, 'startup failed');
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
  if (config.server.ui) console.log(`  Open ${app.url}/ in a browser to start a room and watch it.`);
  else if (config.server.graphiql) console.log('  Open this URL in a browser to try the API in GraphiQL.');
  if (IS_CHECKOUT)
    console.log('  To watch a room at work: npm run demo -- "a lighthouse that remembers drowned sailors"');
  for (const part of app.builtIn) console.log(`  Using ${part}`);
}

await start();
