import type { Command } from 'commander';
import { withApiOptions } from '../parse-options.ts';
import type { WorkflowOptions } from '../workflows/cancel.ts';

export function addCancelCommand(program: Command): void {
  const command = program
    .command('cancel')
    .description('cancel a workflow; the results so far are kept')
    .argument('<workflow>', 'id of the workflow')
    .option('--json', 'print the workflow as JSON');
  withApiOptions(command).action(async (id: string, options: WorkflowOptions) => {
    const { cancel } = await import('../workflows/cancel.ts');
    process.exitCode = await cancel(id, options);
  });
}
