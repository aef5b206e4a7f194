/** The four agents of the chain, in the order in which they run. */
export const AGENT_NAMES = ['story', 'asset', 'code', 'deploy'] as const;
/** The agents by their short names: 'story', 'asset', 'code', 'deploy'. */
export type AgentName = (typeof AGENT_NAMES)[number];

/** Makes one value per agent. */
export function byAgent<T>(make: (agent: AgentName) => T): Record<AgentName, T> {
  return Object.fromEntries(AGENT_NAMES.map((agent) => [agent, make(agent)])) as Record<AgentName, T>;
}

/** The authors of log lines. */
export const AGENT_TYPES = [...AGENT_NAMES, 'orchestrator'] as const;
/** The author of a log line: 'story', 'asset', 'code', 'deploy' or 'orchestrator'. */
export type AgentType = (typeof AGENT_TYPES)[number];

/** Display names: `StoryAgent` … */
export const AGENT_TITLES: Record<AgentName, string> = {
  story: 'StoryAgent',
  asset: 'AssetAgent',
  code: 'CodeAgent',
  deploy: 'DeployAgent',
};

/** The time limit of one attempt, in ms, from connecting to the last byte of the response. */
export const DEFAULT_AGENT_TIMEOUTS_MS: Record<AgentName, number> = {
  story: 30_000,
  asset: 60_000,
  code: 60_000,
  deploy: 120_000,
};

/** An event that triggers an agent. */
export type Trigger = 'user.input' | 'story.generated' | 'asset.generated' | 'code.patched' | 'deploy.done';

/** The agent trigger map: the agent that each event triggers; `complete` ends the workflow. */
export const AGENT_TRIGGERS: Record<Trigger, AgentName | 'complete'> = {
  'user.input': 'story',
  'story.generated': 'asset',
  'asset.generated': 'code',
  'code.patched': 'deploy',
  'deploy.done': 'complete',
};

/** The event that follows an agent's end, whether it succeeded or failed (Property 45). */
export const TRIGGER_AFTER: Record<AgentName, Trigger> = {
  story: 'story.generated',
  asset: 'asset.generated',
  code: 'code.patched',
  deploy: 'deploy.done',
};

/** The agent that runs after this one; null after the last. */
export function agentAfter(agent: AgentName): AgentName | null {
  const next = AGENT_TRIGGERS[TRIGGER_AFTER[agent]];
  return next === 'complete' ? null : next;
}
