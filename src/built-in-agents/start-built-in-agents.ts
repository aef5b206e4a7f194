import { setTimeout as sleep } from 'node:timers/promises';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import { assetAgent } from './asset-agent.ts';
import type { BuiltInAgent, Tools } from './built-in-agent.ts';
import { cidOf } from './cid.ts';
import { codeAgent } from './code-agent.ts';
import { deployAgent } from './deploy-agent.ts';
import { type AgentBehaviour, createFates } from './misbehaviour.ts';
import { type AgentServer, startAgentServer } from './server/agent-server.ts';
import type { Reply } from './server/reply.ts';
import { storyAgent } from './story-agent.ts';

export type BuiltInAgentsOptions = {
  /** Keeps what the agents make: stories, pictures and pages, each under its CID. */
  content: ContentStore;
  /** How browsers reach the server; read at each call when it is a function. The server serves /deployments/<cid>/. */
  publicUrl: string | (() => string);
  /** Pause after each line of progress, in ms, so that people can watch. @default 0 */
  paceMs?: number;
  /** How each agent misbehaves. @default not at all */
  behaviour?: Partial<Record<AgentName, AgentBehaviour>>;
  /** Told of an agent's own errors, such as a store that does not answer. @default nobody */
  failed?: (agent: AgentName, error: unknown) => void;
};

export type BuiltInAgents = {
  /** Base URL of each agent. */
  urls: Record<AgentName, string>;
  /** Cuts the calls under way, and frees the ports. */
  close(): Promise<void>;
};

const AGENTS: Record<AgentName, BuiltInAgent> = {
  story: storyAgent,
  asset: assetAgent,
  code: codeAgent,
  deploy: deployAgent,
};

/**
 * Starts the four agents that come along, each an HTTP server of its own on a free port of 127.0.0.1. They need no keys
 * and no network. What they make follows from what they are sent, so a call made twice changes nothing.
 */
export async function startBuiltInAgents(options: BuiltInAgentsOptions): Promise<BuiltInAgents> {
  const { content, publicUrl, paceMs = 0, behaviour = {}, failed = () => {} } = options;
  const addressOf = (cid: string) => {
    const base = typeof publicUrl === 'string' ? publicUrl : publicUrl();
    return `${base.replace(/\/+$/, '')}/deployments/${cid}/`;
  };
  const keep: Tools['keep'] = async (contentType, text) => {
    const bytes = new TextEncoder().encode(text);
    const cid = await cidOf(bytes);
    await content.put(cid, { contentType, bytes });
    return cid;
  };
  const tools = (reply: Reply, signal: AbortSignal): Tools => ({
    say: async (message, metadata = {}) => {
      signal.throwIfAborted();
      reply.log(message, metadata);
      if (paceMs > 0) await sleep(paceMs, undefined, { signal });
    },
    keep,
    kept: (cid) => content.get(cid),
    addressOf,
  });

  const servers = {} as Record<AgentName, AgentServer>;
  for (const name of AGENT_NAMES) {
    servers[name] = await startAgentServer({
      agent: AGENTS[name],
      fate: createFates(behaviour[name]),
      tools,
      failed: (error) => failed(name, error),
    });
  }
  return {
    urls: byAgent((name) => servers[name].url),
    close: async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}
