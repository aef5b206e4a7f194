import { type Command, Option } from 'commander';
import { AGENT_NAMES } from '../../orchestrator/domain/agents.ts';
import { withApiOptions } from '../parse-options.ts';
import type { RetryOptions } from '../workflows/retry.ts';

export function addRetryCommand(program: Command): void {
  const command = program
    .command('retry')
    .description('run a workflow that has ended again, as a new one that reuses the results so far')
    .argument('<workflow>', 'id of the workflow')
    .addOption(
      new Option('--from <step>', 'step to begin with; by default the first without a result').choices(AGENT_NAMES),
    )
    .option('--json', 'print the new workflow as JSON');
  withApiOptions(command).action(async (id: string, options: RetryOptions) => {
    const { retry } = await import('../workflows/retry.ts');
    process.exitCode = await retry(id, options);
  });
}
