import type { Command } from 'commander';
import type { LogsOptions } from '../logs/print-logs.ts';
import { withApiOptions } from '../parse-options.ts';

export function addLogsCommand(program: Command): void {
  const command = program
    .command('logs')
    .description('print the log of a room')
    .argument('<room>', 'id of the room')
    .option('-f, --follow', 'print new lines as they are written, until Ctrl-C; waits while the service is unavailable')
    .option('--json', 'print each line as JSON');
  withApiOptions(command).action(async (room: string, options: LogsOptions) => {
    const { printLogs } = await import('../logs/print-logs.ts');
    process.exitCode = await printLogs(room, options);
  });
}
