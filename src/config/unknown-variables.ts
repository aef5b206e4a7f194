import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { VARIABLES } from './variables.ts';

/**
 * Variables of features to come. One that is set is refused: who sets a secret or a limit relies on it, and a server
 * that ignores it looks protected and is not. A feature that arrives moves its names to VARIABLES.
 */
export const UNAVAILABLE_VARIABLES: readonly string[] = ['METRICS_PORT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/** How names begin that hardly anyone but this service uses. */
const OWN_PREFIXES = [
  ...AGENT_NAMES.map((agent) => `${agent.toUpperCase()}_AGENT_`),
  'RETRY_',
  'MAX_RUNNING_',
  'SHUTDOWN_GRACE',
  'RATE_LIMIT_',
  'AUTH_JW',
  'LOG_RETENTION_',
  'MAX_LOG_',
];

/** Names that look like ours and are not, most likely misspelt. Other programs' variables are none of our business. */
export function misspeltVariables(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      OWN_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
      !Object.hasOwn(VARIABLES, name) &&
      !UNAVAILABLE_VARIABLES.includes(name),
  );
}
