import { probeAgent } from '../../agents/agent-health.ts';
import type { Config } from '../../config/parse-config.ts';
import { AGENT_NAMES, AGENT_TITLES } from '../../orchestrator/domain/agents.ts';
import { type Finding, findingsOf } from './finding.ts';

const agents = findingsOf('agents');

export function checkAgentsOf(config: Config): Promise<Finding[]> {
  return Promise.all(
    AGENT_NAMES.map(async (name) => {
      const { url } = config.agents[name];
      const title = AGENT_TITLES[name];
      if (url === null) return agents.ok(`${title} is built in.`);
      const variable = `${name.toUpperCase()}_AGENT_URL`;
      const { isHealthy, problem } = await probeAgent(url);
      if (isHealthy === true) return agents.ok(`${title} answers.`);
      if (isHealthy === null) return agents.warning(`${variable}: ${problem}. Check that the URL is right.`);
      return agents.error(`${variable}: ${problem}. Start the agent, or correct the URL.`);
    }),
  );
}
