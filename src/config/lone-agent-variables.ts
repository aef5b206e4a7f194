import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import { SECTIONS } from './variables.ts';

/** Sections of variables that only the service reads, except for those that an agent alone reads as well. */
const OF_THE_SERVICE: readonly string[] = ['API', 'Authentication', 'Limits', 'Retries', 'Log retention'];
const OF_AN_AGENT_TOO: readonly string[] = ['PUBLIC_URL'];
const ALSO_OF_THE_SERVICE = ['ROLE', 'NODE_ENV', 'DATABASE_URL', 'DATABASE_POOL_SIZE', 'REDIS_URL'];

/**
 * The part of the environment that an agent alone reads. The rest may be set as well, since one .env file often serves
 * the service and its agents; so even its errors are none of this process's business.
 */
export function variablesOfAgent(
  name: AgentName,
  env: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const inSections = SECTIONS.filter(({ title }) => OF_THE_SERVICE.includes(title)).flatMap(({ variables }) =>
    Object.keys(variables),
  );
  const others = AGENT_NAMES.filter((agent) => agent !== name);
  const ignored = new Set([
    ...inSections.filter((variable) => !OF_AN_AGENT_TOO.includes(variable)),
    ...ALSO_OF_THE_SERVICE,
    `${name.toUpperCase()}_AGENT_URL`,
    ...others.map((agent) => `${agent.toUpperCase()}_AGENT_BEHAVIOUR`),
  ]);
  return Object.fromEntries(Object.entries(env).filter(([variable]) => !ignored.has(variable)));
}
