import { loadEnvFile } from '../../boot/env-file.ts';
import { problemsOf } from '../../boot/read-config.ts';
import { createRedactSecrets } from '../../boot/redact-secrets.ts';
import { type Config, parseConfig } from '../../config/parse-config.ts';
import { EXIT } from '../exit-codes.ts';
import { checkAgentsOf } from './check-agents.ts';
import { checkDatabaseOf } from './check-database.ts';
import { checkExternalServicesOf } from './check-external-services.ts';
import { checkPortsOf } from './check-ports.ts';
import { checkRedisOf } from './check-redis.ts';
import { type Finding, findingsOf } from './finding.ts';

export type DoctorOptions = { json?: true };

const MARKS: Record<Finding['status'], string> = { ok: '✔', warning: '!', error: '✖' };
const PART_WIDTH = 'configuration'.length;

const settings = findingsOf('configuration');

/**
 * Finds out whether a service with this environment can do its work, without starting it or changing anything.
 * @returns the exit code
 */
export async function examine({ json }: DoctorOptions): Promise<number> {
  const findings = await findingsForEnvironment();
  const isOk = findings.every(({ status }) => status !== 'error');
  if (json) console.log(JSON.stringify({ ok: isOk, findings }));
  else for (const finding of findings) console.log(render(finding));
  return isOk ? EXIT.done : EXIT.error;
}

async function findingsForEnvironment(): Promise<Finding[]> {
  const node = findingsOf('Node.js').ok(`Version ${process.versions.node}.`);
  let config: Config;
  try {
    loadEnvFile();
    config = parseConfig(process.env);
  } catch (error) {
    return [node, ...problemsOf(error).map((problem) => settings.error(`${problem}.`))];
  }
  const found = await Promise.all([
    checkDatabaseOf(config),
    checkRedisOf(config),
    checkAgentsOf(config),
    checkExternalServicesOf(config),
    checkPortsOf(config),
  ]);
  const warnings = config.warnings.map(settings.warning);
  const redact = createRedactSecrets(config);
  return [node, ...(warnings.length > 0 ? warnings : [settings.ok('Every variable is valid.')]), ...found.flat()].map(
    (finding) => ({ ...finding, message: redact(finding.message) }),
  );
}

function render({ part, status, message }: Finding): string {
  return `${MARKS[status]} ${part.padEnd(PART_WIDTH)}  ${message}`;
}
