import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, AGENT_TITLES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** The seed's names of the agents: `StoryAgent`, `AssetAgent`, `CodeAgent`, `DeployAgent`. */
export type AgentTitle = `${Capitalize<AgentName>}Agent`;

/** A workflow as it stands: a copy, which changes no more. */
export type WorkflowState = {
  /** The room that it runs in. */
  roomId: string;
  /** Whose call is under way, or waited with; null before the first and after the last. */
  currentAgent: AgentTitle | null;
  /** Those that succeeded, in the order in which they ran. */
  completedAgents: AgentTitle[];
  /** Those that failed for good, in the order in which they ran. */
  failedAgents: AgentTitle[];
  /** Attempts after the first, of each agent. */
  retryCount: Record<AgentTitle, number>;
  /** What the agents that succeeded answered, with fields of their own. */
  results: Partial<Record<AgentTitle, Record<string, unknown>>>;
};

export function workflowState({ roomId, chain, currentAgent, results }: WorkflowRun): WorkflowState {
  const withStatus = (status: string) =>
    AGENT_NAMES.filter((agent) => chain.steps[agent].status === status).map(titleOf);
  const retries = AGENT_NAMES.map((agent) => [titleOf(agent), Math.max(0, chain.steps[agent].attempt - 1)]);
  const answers = Object.entries(results).map(([agent, result]): [AgentTitle, AgentResult] => [
    titleOf(agent as AgentName),
    structuredClone(result),
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

const titleOf = (agent: AgentName) => AGENT_TITLES[agent] as AgentTitle;
