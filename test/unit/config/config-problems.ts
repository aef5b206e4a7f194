import { ConfigError, parseConfig } from '../../../src/config/parse-config.ts';

/** What is wrong with an environment; nothing when it can be used. */
export function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
