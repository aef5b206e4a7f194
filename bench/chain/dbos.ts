import { DBOS } from '@dbos-inc/dbos-sdk';
import type { StepResults } from '../../src/orchestrator/domain/agent-input.ts';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { createBareChain, USER_INPUT } from './bare-chain.ts';
import type { StartContestant } from './contestant.ts';

/** A workflow function with one step for the start and one for each call. Each step writes its rows; DBOS adds its own. */
export const startDbos: StartContestant = async (surroundings) => {
  const chain = createBareChain(surroundings);
  DBOS.setConfig({
    name: 'bench-chain',
    systemDatabaseUrl: surroundings.emptyDatabaseUrl,
    systemDatabasePoolSize: 20,
    logLevel: 'error',
    runAdminServer: false,
  });
  const run = DBOS.registerWorkflow(
    async (viewerId: string) => {
      const workflow = await DBOS.runStep(() => chain.start(viewerId, USER_INPUT), { name: 'start' });
      const results: StepResults = {};
      for (const agent of AGENT_NAMES) {
        results[agent] = await DBOS.runStep(
          async () => {
            const answer = await chain.call(workflow, agent, results);
            await chain.save(workflow, agent, answer);
            return answer.result;
          },
          { name: agent },
        );
      }
    },
    { name: 'chain' },
  );
  await DBOS.launch();

  return {
    async runWorkflow(viewerId) {
      const handle = await DBOS.startWorkflow(run)(viewerId);
      await handle.getResult();
    },
    async close() {
      await DBOS.shutdown();
      await chain.close();
    },
  };
};
