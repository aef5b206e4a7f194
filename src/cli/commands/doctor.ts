import type { Command } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.ts';

const DETAILS = `
It reads the environment and .env as the service does, and checks Node.js, PostgreSQL (reachable, version, rights, pooler,
connections), Redis (reachable, version, role, rights, eviction), the agents, the clocks and the port. It starts and changes
nothing. It ends with 1 if the service cannot do its work like this.`;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check what the service needs, and say what to do')
    .option('--json', 'print the findings as one line of JSON')
    .addHelpText('after', DETAILS)
    .action(async (options: DoctorOptions) => {
      const { examine } = await import('../doctor/doctor.ts');
      process.exit(await examine(options));
    });
}
