import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { logChannel } from '../orchestrator/domain/log-line.ts';
import { outputChannel } from '../orchestrator/domain/step-output.ts';

/** Cancelled workflows are announced here to every process. */
export const CANCEL_CHANNEL = 'workflows:cancelled';

/** What all keys and channels match, for the operator who allows them. */
export const KEY_PATTERN = 'hauntedai-*';
export const CHANNEL_PATTERNS = ['room:*', 'workflows:*'] as const;

/** Begins all keys: services that share a Redis must not use one another's. */
export const keyPrefix = (databaseId: string): string => `hauntedai-${databaseId}`;

/** A key of each kind that the service uses, for trying out whether they may be used. */
export const sampleKeys = (prefix: string, id: string): [string, ...string[]] => [
  `${prefix}:operations:probe:${id}`,
  ...AGENT_NAMES.map((agent) => `${prefix}:${agent}:probe:${id}`),
];

/** A channel of each kind. No room has such an id. */
export const sampleChannels = (id: string): string[] => [
  CANCEL_CHANNEL,
  logChannel(`probe-${id}`),
  outputChannel(`probe-${id}`, { workflowId: id, agent: 'story' }),
];
