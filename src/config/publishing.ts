import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { isLoopback } from './value-schemas.ts';
import type { Values } from './variables.ts';

/** Where the built-in agents publish besides this service. */
export type PublishingConfig = {
  /** Base URL of Kubo's RPC API, may contain user and password; null: nothing is added to IPFS. */
  ipfsApiUrl: string | null;
  /** The team is an id or a slug; null: the account of the token. Without `vercel`, pages are not deployed there. */
  vercel: { apiUrl: string; token: string; team: string | null } | null;
};

export function publishingOf(values: Values): PublishingConfig {
  const { VERCEL_TOKEN: token, VERCEL_TEAM_ID: team, VERCEL_API_URL: apiUrl } = values;
  return { ipfsApiUrl: values.IPFS_API_URL, vercel: token === null ? null : { apiUrl, token, team } };
}

/** Warnings about settings that are valid but have no effect, or are not safe. */
export function publishingWarnings(values: Values): string[] {
  const warnings: string[] = [];
  const { VERCEL_TOKEN: token, VERCEL_TEAM_ID: team, VERCEL_API_URL: apiUrl } = values;
  if (values.IPFS_API_URL !== null && AGENT_NAMES.every((agent) => isExternal(values, agent))) {
    warnings.push('IPFS_API_URL has no effect: only what the built-in agents make is added to IPFS');
  }
  if (token === null) {
    if (team !== null) warnings.push('VERCEL_TEAM_ID has no effect without VERCEL_TOKEN');
    return warnings;
  }
  if (isExternal(values, 'deploy')) {
    warnings.push('VERCEL_TOKEN has no effect: DEPLOY_AGENT_URL replaces the built-in DeployAgent');
  }
  const { protocol, hostname } = new URL(apiUrl);
  if (protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''))) {
    warnings.push('VERCEL_API_URL is not https: anyone on the way can read VERCEL_TOKEN');
  }
  return warnings;
}

function isExternal(values: Values, agent: (typeof AGENT_NAMES)[number]): boolean {
  return values[`${agent.toUpperCase() as Uppercase<typeof agent>}_AGENT_URL`] !== null;
}
