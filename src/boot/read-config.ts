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
    const problems = error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : error];
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
}
