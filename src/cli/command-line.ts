import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { whyTooOld } from '../boot/node-version.ts';
import { addAgentCommand } from './commands/agent.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addRetryCommand } from './commands/retry.ts';
import { addRoomsCommand } from './commands/rooms.ts';
import { addRunCommand } from './commands/run.ts';
import { addStartCommand, SERVICE_VARIABLES } from './commands/start.ts';
import { EXIT } from './exit-codes.ts';

const COMMANDS = [
  addStartCommand,
  addRunCommand,
  addLogsCommand,
  addRoomsCommand,
  addCancelCommand,
  addRetryCommand,
  addAgentCommand,
  addDoctorCommand,
];

const EXIT_CODES = `
Exit codes:
  0 done
  1 the room ended in error, or the command failed
  2 invalid usage
  3 the service cannot be reached
  130 Ctrl-C`;

/** Where help and messages go. */
type Output = { writeOut: (text: string) => void; writeErr: (text: string) => void };

const PROCESS_OUTPUT: Output = {
  writeOut: (text) => process.stdout.write(text),
  writeErr: (text) => process.stderr.write(text),
};

/**
 * Runs a command; none means \`start\`. Each command is declared in a file of its own, which loads the rest only when it
 * runs: so the service starts as fast as without other commands.
 * @returns the exit code, once nothing keeps the process running
 */
export async function runCommandLine(args: readonly string[], output = PROCESS_OUTPUT): Promise<number> {
  try {
    await createProgram(output).parseAsync(args.length === 0 ? ['start'] : args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // It has printed the help, the version, or what is wrong.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

function createProgram(output: Output): Command {
  const program = new Command('hauntedai-orchestrator')
    .description('Runs the HauntedAI orchestrator: a chain of four agents behind a GraphQL API.')
    .usage('[command] [options]')
    .version(packageVersion(), '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show help; also after a command')
    .helpCommand(false)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput(output)
    .addHelpText('after', `\n${SERVICE_VARIABLES}\n${EXIT_CODES}`)
    .hook('preAction', () => {
      const problem = whyTooOld(process.versions.node);
      if (problem !== null) {
        console.error(problem);
        process.exit(EXIT.error);
      }
    });
  for (const add of COMMANDS) add(program);
  return program;
}

/** package.json has the same relative path from src/cli/ and from dist/cli/. */
function packageVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
