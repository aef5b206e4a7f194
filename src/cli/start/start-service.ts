import type { App } from '../../app.ts';
import { readConfig } from '../../boot/read-config.ts';
import { createServerLog } from '../../boot/server-log.ts';
import { stopOnSignal } from '../../boot/stop-signals.ts';
import type { Config } from '../../config/parse-config.ts';
import { commandOf, IS_CHECKOUT } from '../start-command.ts';

/** Errors whose message is one line for the operator. */
const OPERATOR_ERRORS = new Set(['StartupError', 'EmbeddedPostgresError', 'ListenError']);

/** Runs the service until a signal or a fatal error ends the process. */
export async function startService(): Promise<void> {
  const config = readConfig();
  const log = createServerLog(config);
  for (const warning of config.warnings) log.warn(warning);

  // Loaded once the configuration is valid, because it takes most of the startup time.
  const { createApp } = await import('../../app.ts');
  let stopping = false;
  const stop = async (exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const app = await starting.catch(() => null);
    await app?.close();
    process.exit(exitCode);
  };
  const starting = createApp(config, log, (reason) => {
    log.fatal(reason);
    void stop(1);
  });
  stopOnSignal(
    'Shutting down, waiting for calls in flight. Unfinished work resumes in another process or at the next start. ' +
      'Press Ctrl-C again to quit now.',
    () => void stop(0),
  );

  const app = await starting.catch((error: unknown) => {
    if (error instanceof Error && OPERATOR_ERRORS.has(error.name)) console.error(error.message);
    else log.fatal({ err: error }, 'startup failed');
    process.exit(1);
  });
  if (!stopping) greet(config, app);
}

function greet(config: Config, app: App): void {
  if (config.role === 'worker') {
    console.log(`Ready: worker, health at ${app.url}/health/ready`);
    printMetrics(app);
    return;
  }
  console.log(`Ready: GraphQL API at ${app.url}/graphql`);
  if (config.server.ui) console.log(`  Open ${app.url}/ in a browser to start a room and watch it.`);
  else if (config.server.graphiql) console.log('  Open this URL in a browser to try the API in GraphiQL.');
  const idea = '"a lighthouse that remembers drowned sailors"';
  console.log(`  To watch a room at work: ${IS_CHECKOUT ? 'npm run demo --' : commandOf('run')} ${idea}`);
  for (const part of app.builtIn) console.log(`  Using ${part}`);
  printMetrics(app);
}

function printMetrics({ metricsUrl }: App): void {
  if (metricsUrl !== null) console.log(`  Metrics for Prometheus: ${metricsUrl}`);
}
