import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, AGENT_TITLES, type AgentName } from '../orchestrator/domain/agents.ts';
import { toNumber } from '../orchestrator/domain/exact-json.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** The agents' names for people: `StoryAgent`, `AssetAgent`, `CodeAgent`, `DeployAgent`. */
export type AgentTitle = `${Capitalize<AgentName>}Agent`;

/** The state of a workflow at one moment: a copy that no longer changes. */
export type WorkflowState = {
  /** The room of the workflow. */
  roomId: string;
  /** The agent that is being called or is about to be retried; null before the first and after the last. */
  currentAgent: AgentTitle | null;
  /** The agents that succeeded, in the order in which they ran. */
  completedAgents: AgentTitle[];
  /** The agents that failed permanently, in the order in which they ran. */
  failedAgents: AgentTitle[];
  /** Each agent's attempts after the first. */
  retryCount: Record<AgentTitle, number>;
  /**
   * The results of the agents that succeeded, including fields of the agent's own. A number that JavaScript cannot hold,
   * such as 12345678901234567890, is an object made by JSON.rawJSON: JSON.stringify writes its digits.
   */
  results: Partial<Record<AgentTitle, Record<string, unknown>>>;
};

export function workflowState({ roomId, chain, currentAgent, results }: WorkflowRun): WorkflowState {
  const withStatus = (status: string) =>
    AGENT_NAMES.filter((agent) => chain.steps[agent].status === status).map(titleOf);
  const retries = AGENT_NAMES.map((agent) => [titleOf(agent), Math.max(0, chain.steps[agent].attempt - 1)]);
  const answers = Object.entries(results).map(([agent, result]): [AgentTitle, AgentResult] => [
    titleOf(agent as AgentName),
    copyOf(result),
  ]);
  return {
    roomId,
    currentAgent: currentAgent === null ? null : titleOf(currentAgent),
    completedAgents: withStatus('succeeded'),
    failedAgents: withStatus('failed'),
    retryCount: Object.fromEntries(retries),
    results: Object.fromEntries(answers),
  };
}

function copyOf<T>(json: T): T {
  if (typeof json !== 'object' || json === null) return json;
  if (JSON.isRawJSON(json)) return toNumber(json) as T;
  if (Array.isArray(json)) return json.map(copyOf) as T;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, copyOf(value)])) as T;
}

const titleOf = (agent: AgentName) => AGENT_TITLES[agent] as AgentTitle;
