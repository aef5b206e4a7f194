import { createAgentClient } from '../../src/agents/agent-client.ts';
import { createAgentCall } from '../../src/orchestrator/agent-call.ts';
import { agentInput, type StepResults } from '../../src/orchestrator/domain/agent-input.ts';
import { type AgentName, byAgent, DEFAULT_AGENT_TIMEOUTS_MS } from '../../src/orchestrator/domain/agents.ts';
import type { NewLogLine } from '../../src/orchestrator/domain/log-line.ts';
import type { CallAgent } from '../../src/orchestrator/ports/call-agent.ts';
import type { Surroundings } from './contestant.ts';
import { type BareAnswer, type BareRows, type BareWorkflow, createBareRows } from './rows.ts';

export const USER_INPUT = 'a lighthouse that remembers';

/** What all contestants share: the agent client and the rows. They differ in what runs the chain. */
export type BareChain = BareRows & {
  call(workflow: BareWorkflow, agent: AgentName, results: StepResults): Promise<BareAnswer>;
};

export function createBareChain({ databaseUrl, agentUrls }: Surroundings): BareChain {
  const callAgent = createHttpAgents(agentUrls);
  return {
    ...createBareRows(databaseUrl),
    async call({ workflowId, roomId, viewerId }, agent, results) {
      const lines: NewLogLine[] = [];
      const input = agentInput(agent, { roomId, userId: viewerId, userInput: USER_INPUT, results });
      const beganAt = performance.now();
      const call = createAgentCall(workflowId, agent, input, { write: async (line) => void lines.push(line) });
      const outcome = await callAgent(call, new AbortController().signal);
      if (outcome.type === 'failed') throw new Error(outcome.failure.message);
      return { result: outcome.result, lines, durationMs: performance.now() - beganAt };
    },
  };
}

export function createHttpAgents(urls: Record<AgentName, string>): CallAgent {
  return createAgentClient({
    agents: byAgent((agent) => ({ url: urls[agent], timeoutMs: DEFAULT_AGENT_TIMEOUTS_MS[agent] })),
  });
}
