import { agentTarget } from '../agents/agent-target.ts';
import { createHealthMonitor } from '../agents/health-monitor.ts';
import type { Config } from '../config/parse-config.ts';
import type { Sql } from '../db/client.ts';
import { readAgentLoads } from '../db/reads/agent-loads.ts';
import { type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentReport, ReportAgents } from '../orchestrator/ports/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/call-agent.ts';
import { shareRead } from '../orchestrator/share-read.ts';

/** However many clients poll, the database is asked about once a second. */
const MAX_AGE_MS = 1_000;

/** What the API reports of the agents. Where they are called is shown only if every caller is the viewer `local`. */
export function openAgentReports(config: Config, urls: Record<AgentName, string | null>, client: Sql): ReportAgents {
  const showAddresses = config.auth === null;
  const loads = shareRead(() => readAgentLoads(client), MAX_AGE_MS);
  const checks = byAgent((agent) => {
    const url = urls[agent];
    return url === null ? async () => null : createHealthMonitor(url);
  });
  const shownUrls = byAgent((agent) => (showAddresses ? withoutPassword(urls[agent]) : null));

  return async () => {
    const { agents, workers } = await loads();
    return Promise.all(
      agents.map(async (load): Promise<AgentReport> => {
        const health = await checks[load.agent]();
        return {
          ...load,
          url: shownUrls[load.agent],
          health: health === null || showAddresses ? health : { ...health, problem: null },
          limit: limitOf(config.agents[load.agent].limits, workers),
        };
      }),
    );
  };
}

const limitOf = ({ concurrency, globalConcurrency }: AgentLimits, workers: number): number =>
  Math.min(concurrency * workers, globalConcurrency ?? Number.POSITIVE_INFINITY);

const withoutPassword = (url: string | null): string | null => url && agentTarget(url, '').url.replace(/\/$/, '');
