import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentBehaviour } from './behaviour.ts';
import { type AgentSurroundings, listenerOf } from './listener-of.ts';
import { createModels, type ModelOptions } from './model/create-models.ts';
import { type AgentServer, startAgentServer } from './server/agent-server.ts';

export type BuiltInAgentsOptions = Omit<AgentSurroundings, 'models'> & {
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

/**
 * Starts the four built-in agents, each an HTTP server on a free port of 127.0.0.1. Without models they need no
 * keys and no network, and their results depend only on their input.
 */
export async function startBuiltInAgents(options: BuiltInAgentsOptions): Promise<BuiltInAgents> {
  const { behaviour = {}, onError = () => {}, ...surroundings } = options;
  const models = options.models === undefined ? null : createModels(options.models);
  const servers = {} as Record<AgentName, AgentServer>;
  for (const name of AGENT_NAMES) {
    servers[name] = await startAgentServer(
      listenerOf(name, {
        ...surroundings,
        models,
        behaviour: behaviour[name],
        onError: (error) => onError(name, error),
      }),
    );
  }
  return {
    urls: byAgent((name) => servers[name].url),
    close: async () => {
      await models?.close();
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}
