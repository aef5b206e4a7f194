import { AGENT_NAMES, AGENT_TITLES } from '../orchestrator/domain/agents.ts';

/** The authors of log lines, as people read them. */
const TITLES = new Map<string, string>([
  ...AGENT_NAMES.map((name) => [name.toUpperCase(), AGENT_TITLES[name]] as const),
  ['ORCHESTRATOR', 'Orchestrator'],
]);

/** A newer service may know other agents. */
export const titleOf = (agentType: string): string => TITLES.get(agentType) ?? agentType;
