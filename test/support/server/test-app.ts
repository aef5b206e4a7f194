import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

export type TestApp = {
  url: string;
  /** The GraphQL endpoint. */
  endpoint: string;
  /** What the server's own log holds so far. */
  log(): string;
  close(): Promise<void>;
};

/** The whole service in this process, on a free port; `env` as for `npm start`. */
export async function startApp(env: Record<string, string>): Promise<TestApp> {
  let text = '';
  const log = pino({ level: env['LOG_LEVEL'] ?? 'trace' }, { write: (line: string) => (text += line) });
  const app = await createApp(parseConfig({ PORT: '0', SHUTDOWN_GRACE_MS: '0', ...env }), log, (reason) => {
    throw new Error(reason);
  });
  return { url: app.url, endpoint: `${app.url}/graphql`, log: () => text, close: () => app.close() };
}
