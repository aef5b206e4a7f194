import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import { SECTIONS, VARIABLES } from './variables.ts';

const SHARED_SECTIONS: readonly string[] = ['Publishing', 'Models'];
const SHARED_VARIABLES = ['PUBLIC_URL', 'DATA_DIR', 'SHUTDOWN_GRACE_MS', 'LOG_LEVEL'];

/**
 * The part of the environment that an agent alone reads, without the variables that only the service reads. These may be
 * set as well, since one .env file often serves the service and its agents, and their errors do not concern this process.
 */
export function variablesOfAgent(
  name: AgentName,
  env: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const prefixOf = (agent: AgentName) => `${agent.toUpperCase()}_AGENT_`;
  const read = new Set([
    ...SECTIONS.filter(({ title }) => SHARED_SECTIONS.includes(title)).flatMap(({ variables }) =>
      Object.keys(variables),
    ),
    ...SHARED_VARIABLES,
    `${prefixOf(name)}BEHAVIOUR`,
    ...AGENT_NAMES.filter((agent) => agent !== name).map((agent) => `${prefixOf(agent)}URL`),
  ]);
  // Unknown names stay, so that misspelled ones are reported.
  return Object.fromEntries(
    Object.entries(env).filter(([variable]) => read.has(variable) || !Object.hasOwn(VARIABLES, variable)),
  );
}
