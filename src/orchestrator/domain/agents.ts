/** The four agents of the chain, in the order in which they run. */
export const AGENT_NAMES = ['story', 'asset', 'code', 'deploy'] as const;
/** The agents by their short names: 'story', 'asset', 'code', 'deploy'. */
export type AgentName = (typeof AGENT_NAMES)[number];

/** One of something for each agent. */
export function byAgent<T>(make: (agent: AgentName) => T): Record<AgentName, T> {
  return Object.fromEntries(AGENT_NAMES.map((agent) => [agent, make(agent)])) as Record<AgentName, T>;
}

/** Who can write a line of a room's log. */
export const AGENT_TYPES = [...AGENT_NAMES, 'orchestrator'] as const;
/** Whose line it is: an agent's, or the orchestrator's own: 'story', 'asset', 'code', 'deploy', 'orchestrator'. */
export type AgentType = (typeof AGENT_TYPES)[number];

/** The name a person reads: `StoryAgent` … */
export const AGENT_TITLES: Record<AgentName, string> = {
  story: 'StoryAgent',
  asset: 'AssetAgent',
  code: 'CodeAgent',
  deploy: 'DeployAgent',
};

/** Longest time one attempt may take, in ms, from connecting to the last byte of the body. */
export const DEFAULT_AGENT_TIMEOUTS_MS: Record<AgentName, number> = {
  story: 30_000,
  asset: 60_000,
  code: 60_000,
  deploy: 120_000,
};

/** What sets an agent going; `complete` ends the workflow. */
export type Trigger = 'user.input' | 'story.generated' | 'asset.generated' | 'code.patched' | 'deploy.done';

/** The agent trigger map: which agent an event sets going. */
export const AGENT_TRIGGERS: Record<Trigger, AgentName | 'complete'> = {
  'user.input': 'story',
  'story.generated': 'asset',
  'asset.generated': 'code',
  'code.patched': 'deploy',
  'deploy.done': 'complete',
};

/** The event that an agent's end gives rise to, whether it succeeded or failed for good (Property 45). */
export const TRIGGER_AFTER: Record<AgentName, Trigger> = {
  story: 'story.generated',
  asset: 'asset.generated',
  code: 'code.patched',
  deploy: 'deploy.done',
};

/** The agent that an agent's end sets going; null after the last. */
export function agentAfter(agent: AgentName): AgentName | null {
  const next = AGENT_TRIGGERS[TRIGGER_AFTER[agent]];
  return next === 'complete' ? null : next;
}
