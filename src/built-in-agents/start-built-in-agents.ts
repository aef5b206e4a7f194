import { setTimeout as sleep } from 'node:timers/promises';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { PublishContent } from '../orchestrator/ports/publish-content.ts';
import { assetAgent } from './asset-agent.ts';
import { type AgentBehaviour, createReactions } from './behaviour.ts';
import { cidOf } from './cid.ts';
import { codeAgent } from './code-agent.ts';
import type { BuiltInAgent, Tools } from './define-agent.ts';
import { deployAgent } from './deploy-agent.ts';
import { createModels, type ModelOptions } from './model/create-models.ts';
import type { AgentReply } from './server/agent-reply.ts';
import { type AgentServer, type CallOfAgent, startAgentServer } from './server/agent-server.ts';
import { storyAgent } from './story-agent.ts';

export type BuiltInAgentsOptions = {
  /** Stores what the agents make: stories, pictures and pages, each under its CID. */
  content: ContentStore;
  /** Publishes what was stored elsewhere too. @default nothing does */
  publish?: PublishContent;
  /** The base URL at which browsers reach the server, which serves /deployments/<cid>/. A function is called each time. */
  publicUrl: string | (() => string);
  /** Pause after each progress line, in ms, so that a person can follow; after a piece of text a fraction of it. @default 0 */
  paceMs?: number;
  /** How each agent misbehaves. @default normal behaviour */
  behaviour?: Partial<Record<AgentName, AgentBehaviour>>;
  /** The models that StoryAgent, AssetAgent and CodeAgent use. @default none: they work without */
  models?: ModelOptions | undefined;
  /** Called with internal errors, such as a store that does not answer. @default ignored */
  onError?: (agent: AgentName, error: unknown) => void;
};

export type BuiltInAgents = {
  /** The base URL of each agent. */
  urls: Record<AgentName, string>;
  /** Aborts calls in flight and frees the ports. */
  close(): Promise<void>;
};

/** Pieces of text in the time of one pause. */
const PIECES_PER_PAUSE = 6;

const AGENTS: Record<AgentName, BuiltInAgent> = {
  story: storyAgent,
  asset: assetAgent,
  code: codeAgent,
  deploy: deployAgent,
};

/**
 * Starts the four built-in agents, each an HTTP server on a free port of 127.0.0.1. Without models they need no
 * keys and no network, and their results depend only on their input.
 */
export async function startBuiltInAgents(options: BuiltInAgentsOptions): Promise<BuiltInAgents> {
  const { content, publish, publicUrl, paceMs = 0, behaviour = {}, onError = () => {} } = options;
  const urlOf = (cid: string) => {
    const base = typeof publicUrl === 'string' ? publicUrl : publicUrl();
    return `${base.replace(/\/+$/, '')}/deployments/${cid}/`;
  };
  const models = options.models === undefined ? null : createModels(options.models);
  const toolsWithoutModel = (reply: AgentReply, signal: AbortSignal): Omit<Tools, 'model'> => ({
    report: async (message, metadata = {}) => {
      signal.throwIfAborted();
      reply.log(message, metadata);
      if (paceMs > 0) await sleep(paceMs, undefined, { signal });
    },
    partial: async (text, channel) => {
      signal.throwIfAborted();
      reply.partial(text, channel);
      if (paceMs > 0) await sleep(paceMs / PIECES_PER_PAUSE, undefined, { signal });
    },
    usage: (usage) => {
      if (!signal.aborted) reply.usage(usage);
    },
    async store(contentType, given) {
      const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given;
      const cid = await cidOf(bytes);
      await content.put(cid, { contentType, bytes });
      const notice = await publish?.(cid, signal);
      if (notice !== undefined) reply.log(notice.message, notice.metadata, notice.level);
      return cid;
    },
    load: (cid) => content.get(cid),
    urlOf,
  });
  const tools = (reply: AgentReply, call: CallOfAgent): Tools => {
    const others = toolsWithoutModel(reply, call.signal);
    return { ...others, model: models?.forCall({ ...call, tools: others }) ?? null };
  };

  const servers = {} as Record<AgentName, AgentServer>;
  for (const name of AGENT_NAMES) {
    servers[name] = await startAgentServer({
      agent: AGENTS[name],
      react: createReactions(behaviour[name]),
      tools,
      onError: (error) => onError(name, error),
    });
  }
  return {
    urls: byAgent((name) => servers[name].url),
    close: async () => {
      await models?.close();
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}
