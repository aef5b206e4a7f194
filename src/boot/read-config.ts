import { type Config, ConfigError, parseConfig } from '../config/parse-config.ts';
import { loadEnvFile } from './env-file.ts';

type Env = Record<string, string | undefined>;

/**
 * Reads .env and the environment. Where they are invalid, prints one line for each problem and exits with 1.
 * @param select the variables that this process reads. @default all
 */
export function readConfig(select: (env: Env) => Env = (env) => env): Config {
  try {
    loadEnvFile();
    return parseConfig(select(process.env));
  } catch (error) {
    for (const problem of problemsOf(error)) console.error(problem);
    process.exit(1);
  }
}

/** Why .env or the environment cannot be used, one line per problem. */
export function problemsOf(error: unknown): readonly string[] {
  return error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
}
