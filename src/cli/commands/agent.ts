import { Argument, type Command } from 'commander';
import { AGENT_NAMES, type AgentName } from '../../orchestrator/domain/agents.ts';
import type { AgentOptions } from '../agent/serve-agent.ts';
import { parsePort } from '../parse-options.ts';

const DETAILS = `
The agent answers POST /generate (DeployAgent: POST /deploy) and GET /health, and serves what it made at
/deployments/<cid>/. It reads the environment and .env: PUBLIC_URL, DATA_DIR, SHUTDOWN_GRACE_MS, LOG_LEVEL, the settings of
models (OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL …) and of publishing (IPFS_API_URL, VERCEL_TOKEN …), and the URLs of
the other agents (STORY_AGENT_URL …), which it asks for the pictures and pages that its own folder lacks.

Anyone who reaches the port can call the agent. Put it into a private network, or behind a proxy that asks for a user and
a password: the service sends those of an agent's URL.`;

export function addAgentCommand(program: Command): void {
  program
    .command('agent')
    .description('serve one of the built-in agents alone, without the service and its database')
    .addArgument(new Argument('<name>', 'the agent').choices(AGENT_NAMES))
    .option(
      '--port <number>',
      'port to listen on; 0 picks a free one (story 3002, asset 3003, code 3004, deploy 3005)',
      parsePort,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <folder>', 'folder for what the agent makes; several agents may share one (contents in DATA_DIR)')
    .option('--public-url <url>', 'URL at which browsers reach the agent (PUBLIC_URL, or http://HOST:PORT)')
    .addHelpText('after', DETAILS)
    .action(async (name: AgentName, options: AgentOptions) => {
      const { serveAgent } = await import('../agent/serve-agent.ts');
      await serveAgent(name, options);
    });
}
