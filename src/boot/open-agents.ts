import type { Logger } from 'pino';
import { createAgentClient } from '../agents/agent-client.ts';
import { probeAgent } from '../agents/agent-health.ts';
import { storeExternalCode } from '../built-in-agents/external-code.ts';
import { createVercel } from '../built-in-agents/publish/vercel/vercel.ts';
import { type BuiltInAgents, startBuiltInAgents } from '../built-in-agents/start-built-in-agents.ts';
import type { Config } from '../config/parse-config.ts';
import { AGENT_NAMES, AGENT_TITLES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { CallAgent } from '../orchestrator/ports/call-agent.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { PaidAnswers } from '../orchestrator/ports/paid-answers.ts';
import type { PublishContent } from '../orchestrator/ports/publish-content.ts';
import type { RetryWhileUnavailable } from '../orchestrator/retry-while-unavailable.ts';
import { withAgentsContents } from './peer-contents.ts';

/** Pause after each progress line of a built-in agent, so that people can follow. */
const PROGRESS_DELAY_MS = 250;

export type Agents = {
  callAgent: CallAgent;
  /** Where each agent is called, as configured; null: this process does not know. */
  urls: Record<AgentName, string | null>;
  close(): Promise<void>;
};

/** An API process serves requests only, and need not know the agents' URLs. */
const callNoAgent: CallAgent = () => Promise.reject(new Error('a process with ROLE=api calls no agents'));

export type AgentDeps = {
  content: ContentStore;
  publish: PublishContent | undefined;
  paidAnswers: PaidAnswers;
  publicUrl: string;
  retryWhileUnavailable: RetryWhileUnavailable;
  log: Logger;
};

/** The agents of this process: those with a URL, and the built-in ones in place of the others. */
export async function openAgents(config: Config, deps: AgentDeps): Promise<Agents> {
  const configured = byAgent((agent) => config.agents[agent].url);
  if (config.role === 'api') return { callAgent: callNoAgent, urls: configured, close: async () => {} };
  const { content } = deps;
  const builtIn = builtInAgents(config).length === 0 ? null : await startBuiltIn(config, deps);
  const urls = byAgent((agent) => configured[agent] ?? builtIn?.urls[agent] ?? '');
  const call = createAgentClient({
    agents: byAgent((agent) => ({
      url: urls[agent],
      timeoutMs: config.agents[agent].timeoutMs,
      label: configured[agent] === null ? `the built-in ${AGENT_TITLES[agent]}` : undefined,
    })),
  });
  // The built-in DeployAgent publishes what is stored here, so the code of an external CodeAgent has to be.
  const isStoredHere = config.agents.code.url === null || config.agents.deploy.url !== null;
  return {
    callAgent: isStoredHere ? call : storeExternalCode(call, content, deps.retryWhileUnavailable),
    urls,
    close: async () => builtIn?.close(),
  };
}

function startBuiltIn(config: Config, deps: AgentDeps): Promise<BuiltInAgents> {
  const { content, publish, paidAnswers, publicUrl, retryWhileUnavailable, log } = deps;
  const { vercel } = config.publishing;
  return startBuiltInAgents({
    content: withAgentsContents(
      content,
      AGENT_NAMES.flatMap((agent) => config.agents[agent].url ?? []),
    ),
    ...(publish !== undefined && { publish }),
    ...(vercel !== null && { deployPage: createVercel(vercel) }),
    publicUrl,
    models: config.models === null ? undefined : { settings: config.models, paidAnswers, retryWhileUnavailable },
    paceMs: PROGRESS_DELAY_MS,
    behaviour: byAgent((agent) => config.agents[agent].behaviour ?? {}),
    onError: (agent, error) => log.warn({ err: error, agent }, 'a built-in agent failed'),
  });
}

/** The agents for which this process uses the built-in one. A process with ROLE=api calls none. */
export function builtInAgents(config: Config) {
  return config.role === 'api' ? [] : AGENT_NAMES.filter((agent) => config.agents[agent].url === null);
}

/** Nothing waits for this: an agent may start later, and until then its calls are retried. */
export async function warnOfUnhealthyAgents(config: Config, log: Logger): Promise<void> {
  for (const agent of AGENT_NAMES) {
    const { url } = config.agents[agent];
    if (url === null) continue;
    const { isHealthy, problem } = await probeAgent(url);
    const advice = isHealthy === null ? 'check that the URL is right' : 'calls will fail until this is fixed';
    if (problem !== null) log.warn(`${agent.toUpperCase()}_AGENT_URL: ${problem}; ${advice}`);
  }
}
