import type { Command } from 'commander';
import { ideaOf, withApiOptions } from '../parse-options.ts';
import type { RunOptions } from '../run/run-command.ts';

const DETAILS = `
Without --url and HAUNTEDAI_URL it uses the service at HOST and PORT. If nothing listens there, it starts one, which runs
until the result is there, on a terminal until Ctrl-C. Ctrl-C before that cancels the workflow.`;

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('start a workflow for an idea and show it live, until its page is published')
    .argument('<idea...>', 'for example "a lighthouse that remembers drowned sailors"');
  withApiOptions(command, 'the one at HOST and PORT')
    .option('--json', 'print the result as one line of JSON, and nothing else')
    .addHelpText('after', DETAILS)
    .action(async (words: string[], options: RunOptions) => {
      const idea = ideaOf(words, (reason) => command.error(`error: ${reason}`));
      const { run } = await import('../run/run-command.ts');
      process.exit(await run(idea, options));
    });
}
