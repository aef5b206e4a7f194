import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

export type TestApp = {
  url: string;
  /** The GraphQL endpoint. */
  endpoint: string;
  /** Null unless METRICS_PORT is set. */
  metricsUrl: string | null;
  /** The server log so far. */
  log(): string;
  close(): Promise<void>;
};

/** Starts the whole service in this process on a free port, with the variables of `npm start`. */
export async function startApp(env: Record<string, string>): Promise<TestApp> {
  let text = '';
  const log = pino({ level: env['LOG_LEVEL'] ?? 'trace' }, { write: (line: string) => (text += line) });
  const app = await createApp(parseConfig({ PORT: '0', SHUTDOWN_GRACE_MS: '0', ...env }), log, (reason) => {
    throw new Error(reason);
  });
  const { url, metricsUrl } = app;
  return { url, endpoint: `${url}/graphql`, metricsUrl, log: () => text, close: () => app.close() };
}
