import type { Command } from 'commander';

export const SERVICE_VARIABLES = `The service is configured by environment variables, or by a file .env in the working directory. The main ones are:
  PORT             port the API listens on (4000); 0 picks a free port and prints it
  HOST             address the API listens on (127.0.0.1)
  DATA_DIR         folder of the embedded PostgreSQL (.data)
  DATABASE_URL     PostgreSQL server to use instead of the embedded one
  REDIS_URL        Redis server, required to run several processes
  STORY_AGENT_URL, ASSET_AGENT_URL, CODE_AGENT_URL, DEPLOY_AGENT_URL
                   your own agents, instead of the built-in ones
  LOG_LEVEL        lowest level of the server log (info)
All variables are described in docs/configuration.md of the repository.`;

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start the service (the default command)')
    .addHelpText('after', `\n${SERVICE_VARIABLES}`)
    .action(async () => {
      const { startService } = await import('../start/start-service.ts');
      await startService();
    });
}
