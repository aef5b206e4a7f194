import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

/** What to print instead of starting the service. */
export type CommandLineReply = { text: string; exitCode: 0 | 1 | 2 };

/** The same as `engines` in package.json. */
const OLDEST_NODE = [22, 12] as const;

const HELP = `Runs the HauntedAI orchestrator: four agents behind a GraphQL API.

Usage: hauntedai-orchestrator [--help | --version]

Options:
  -h, --help       show this help
  -v, --version    show the version

The service is configured by environment variables, or by a file .env in the working directory. The main ones are:
  PORT             port the API listens on (4000); 0 picks a free port and prints it
  HOST             address the API listens on (127.0.0.1)
  DATA_DIR         folder of the embedded PostgreSQL (.data)
  DATABASE_URL     PostgreSQL server to use instead of the embedded one
  REDIS_URL        Redis server, required to run several processes
  STORY_AGENT_URL, ASSET_AGENT_URL, CODE_AGENT_URL, DEPLOY_AGENT_URL
                   your own agents, instead of the built-in ones
  LOG_LEVEL        lowest level of the server log (info)

All variables are described in docs/configuration.md of the repository.`;

/**
 * Answers arguments that do not start the service: help, the version, or a usage error.
 * @param nodeVersion `process.versions.node`
 * @returns null if the service is to be started
 */
export function replyTo(args: readonly string[], nodeVersion: string): CommandLineReply | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { text: HELP, exitCode: 0 };
    if (values.version) return { text: packageVersion(), exitCode: 0 };
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${HELP}`, exitCode: 2 };
  }
  if (isTooOld(nodeVersion)) {
    return { text: `Node.js ${OLDEST_NODE.join('.')} or later is required; this is ${nodeVersion}.`, exitCode: 1 };
  }
  return null;
}

function isTooOld(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** package.json has the same relative path from src/boot/ and from dist/boot/. */
function packageVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
