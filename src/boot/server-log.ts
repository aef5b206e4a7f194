import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/parse-config.ts';
import { createRedactSecrets } from './redact-secrets.ts';

/** The server log, on stderr: readable lines on a terminal, otherwise JSON. */
export function createServerLog(config: Config): Logger {
  const options = { level: config.logLevel, hooks: { streamWrite: createRedactSecrets(config) } };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}
