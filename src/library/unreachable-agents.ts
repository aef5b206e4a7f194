import process from 'node:process';
import { AGENT_NAMES, AGENT_TITLES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { LogMetadata } from '../orchestrator/domain/log-line.ts';
import type { Settings } from './options.ts';

/**
 * Reports each agent once, by a process warning that names its URL, when an attempt gets no connection. Without it a
 * program whose log goes to Redis would retry in silence and end without a reason.
 * @returns takes the metadata of each of the orchestrator's lines
 */
export function createUnreachableAgentWarning(agents: Settings['agents']): (metadata?: LogMetadata) => void {
  const reported = new Set<AgentName>();
  return (metadata) => {
    if (metadata?.['errorCode'] !== 'CONNECTION') return;
    const agent = AGENT_NAMES.find((name) => name === metadata['agent']);
    if (agent === undefined || reported.has(agent)) return;
    reported.add(agent);
    const problem = `Cannot call ${AGENT_TITLES[agent]} at ${withoutSecrets(agents[agent].url)}: ${metadata['error']}.`;
    const remedy = `Start the agent, or set ${agent.toUpperCase()}_AGENT_URL or the option agents.${agent}.url.`;
    process.emitWarning(`${problem} ${remedy}`, { code: 'AGENT_UNREACHABLE' });
  };
}

/** The URL without user, password and query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
