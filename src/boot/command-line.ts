import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

/** What there is to say instead of a start. */
export type Reply = { text: string; exitCode: 0 | 1 | 2 };

/** Where the package, as published, begins to run; engines in package.json says the same. */
const OLDEST_NODE = [22, 12] as const;

const HELP = `Runs the HauntedAI orchestrator: four agents behind a GraphQL API.

Usage: hauntedai-orchestrator [--help | --version]

It is set up by the environment, or by a file .env in the working directory. The main variables:

  PORT             where the API listens (4000); 0 takes a free port and prints it
  HOST             address it listens on (127.0.0.1)
  DATA_DIR         folder of the embedded PostgreSQL (.data)
  DATABASE_URL     a PostgreSQL of your own, instead of the embedded one
  REDIS_URL        a Redis, for several processes
  STORY_AGENT_URL, ASSET_AGENT_URL, CODE_AGENT_URL, DEPLOY_AGENT_URL
                   agents of your own, instead of the built-in ones
  LOG_LEVEL        of the server's own log (info)

README.md has them all.`;

/**
 * The reply to arguments that ask for no start: help, the version, or what is wrong.
 * @param nodeVersion `process.versions.node`
 * @returns null when the service is to start
 */
export function replyTo(args: readonly string[], nodeVersion: string): Reply | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { text: HELP, exitCode: 0 };
    if (values.version) return { text: packageVersion(), exitCode: 0 };
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${HELP}`, exitCode: 2 };
  }
  if (isTooOld(nodeVersion)) {
    return { text: `This needs Node.js ${OLDEST_NODE.join('.')} or later, and is run by ${nodeVersion}.`, exitCode: 1 };
  }
  return null;
}

function isTooOld(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** package.json is one folder above this file, in src/ as in dist/. */
function packageVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
