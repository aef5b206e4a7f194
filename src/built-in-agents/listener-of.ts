import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { PublishContent } from '../orchestrator/ports/publish-content.ts';
import { assetAgent } from './asset-agent.ts';
import { type AgentBehaviour, createReactions } from './behaviour.ts';
import { cidOf } from './cid.ts';
import { codeAgent } from './code-agent.ts';
import type { BuiltInAgent, Tools } from './define-agent.ts';
import { deployAgent } from './deploy-agent.ts';
import type { Models } from './model/create-models.ts';
import type { DeployPage } from './publish/deploy-page.ts';
import type { AgentReply } from './server/agent-reply.ts';
import { type CallOfAgent, createAgentListener } from './server/agent-server.ts';
import { storyAgent } from './story-agent.ts';

/** What a built-in agent works with. */
export type AgentSurroundings = {
  /** Stores what the agents make: stories, pictures and pages, each under its CID. */
  content: ContentStore;
  /** Publishes what was stored elsewhere too. @default nothing does */
  publish?: PublishContent;
  /** Deploys what DeployAgent publishes to a host outside this service too. @default nothing does */
  deployPage?: DeployPage;
  /** The base URL at which browsers reach the server, which serves /deployments/<cid>/. A function is called each time. */
  publicUrl: string | (() => string);
  /** Pause after each progress line, in ms, so that a person can follow; after a piece of text a fraction of it. @default 0 */
  paceMs?: number;
  /** The models that StoryAgent, AssetAgent and CodeAgent use; null: they work without. */
  models: Models | null;
};

type ListenerOptions = AgentSurroundings & {
  behaviour: AgentBehaviour | undefined;
  /** Called with internal errors, such as a store that does not answer. */
  onError: (error: unknown) => void;
};

/** Pieces of text in the time of one pause. */
const PIECES_PER_PAUSE = 6;

const AGENTS: Record<AgentName, BuiltInAgent> = {
  story: storyAgent,
  asset: assetAgent,
  code: codeAgent,
  deploy: deployAgent,
};

/** Answers the calls of a built-in agent. */
export function listenerOf(name: AgentName, options: ListenerOptions): RequestListener {
  return createAgentListener({
    agent: AGENTS[name],
    react: createReactions(options.behaviour),
    tools: createTools(options),
    onError: options.onError,
  });
}

function createTools({ content, publish, deployPage, publicUrl, models, paceMs = 0 }: AgentSurroundings) {
  const urlOf = (cid: string) => {
    const base = typeof publicUrl === 'string' ? publicUrl : publicUrl();
    return `${base.replace(/\/+$/, '')}/deployments/${cid}/`;
  };
  const toolsWithoutModel = (reply: AgentReply, { idempotencyKey, signal }: CallOfAgent): Omit<Tools, 'model'> => {
    const log =
      (level: 'info' | 'warn') =>
      async (message: string, metadata: Record<string, unknown> = {}): Promise<void> => {
        signal.throwIfAborted();
        reply.log(message, metadata, level);
        if (paceMs > 0) await sleep(paceMs, undefined, { signal });
      };
    const report = log('info');
    const deployCall = { idempotencyKey, signal, report, warn: log('warn') };
    return {
      report,
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
      deploy: deployPage === undefined ? null : (page) => deployPage(page, deployCall),
    };
  };
  return (reply: AgentReply, call: CallOfAgent): Tools => {
    const others = toolsWithoutModel(reply, call);
    return { ...others, model: models?.forCall({ ...call, tools: others }) ?? null };
  };
}
