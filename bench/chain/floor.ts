import type { StepResults } from '../../src/orchestrator/domain/agent-input.ts';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { createBareChain, USER_INPUT } from './bare-chain.ts';
import type { StartContestant } from './contestant.ts';

/** The same calls and rows without an engine: no leases, no retries and no dispatch. A crash loses the workflow. */
export const startFloor: StartContestant = async (surroundings) => {
  const chain = createBareChain(surroundings);
  return {
    async runWorkflow(viewerId) {
      const workflow = await chain.start(viewerId, USER_INPUT);
      const results: StepResults = {};
      for (const agent of AGENT_NAMES) {
        const answer = await chain.call(workflow, agent, results);
        await chain.save(workflow, agent, answer);
        results[agent] = answer.result;
      }
    },
    close: () => chain.close(),
  };
};
