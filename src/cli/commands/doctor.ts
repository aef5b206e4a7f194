import type { Command } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.ts';

const DETAILS = `
It reads the environment and .env as the service does, and checks Node.js, PostgreSQL (reachable, version, rights, pooler,
connections), Redis (reachable, version, role, rights, eviction), the agents, the model server, IPFS, Vercel, the
clocks and the ports. It starts and changes nothing. The exit code is 1 if the service cannot work with these settings.`;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check that the service can run with these settings, and say what to do if not')
    .option('--json', 'print the findings as one line of JSON')
    .addHelpText('after', DETAILS)
    .action(async (options: DoctorOptions) => {
      const { examine } = await import('../doctor/doctor.ts');
      process.exit(await examine(options));
    });
}
