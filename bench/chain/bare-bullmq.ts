import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { StepResults } from '../../src/orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, agentAfter, byAgent } from '../../src/orchestrator/domain/agents.ts';
import { createBareChain, USER_INPUT } from './bare-chain.ts';
import type { StartContestant } from './contestant.ts';
import type { BareWorkflow } from './rows.ts';

type Data = { workflow: BareWorkflow; results: StepResults };

/** One queue per agent and one job per step, as in BullMQ's manual. The job carries the results so far. */
export const startBareBullMq: StartContestant = async (surroundings) => {
  const chain = createBareChain(surroundings);
  const prefix = `bench-${process.pid}`;
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const connection = new Redis(surroundings.redisUrl, { maxRetriesPerRequest: null });
  const queues = byAgent((agent) => new Queue<Data>(agent, { connection, prefix }));
  const options = { removeOnComplete: true, removeOnFail: true, attempts: 3 };

  const workers = AGENT_NAMES.map((agent) => {
    const worker = new Worker<Data>(
      agent,
      async ({ data: { workflow, results } }) => {
        const answer = await chain.call(workflow, agent, results);
        await chain.save(workflow, agent, answer);
        const next = agentAfter(agent);
        if (next === null) ends.get(workflow.workflowId)?.resolve();
        else await queues[next].add(next, { workflow, results: { ...results, [agent]: answer.result } }, options);
      },
      { connection, prefix, concurrency: surroundings.atOnce },
    );
    worker.on('failed', (job, error) => job && ends.get(job.data.workflow.workflowId)?.reject(error));
    return worker;
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));

  return {
    async runWorkflow(viewerId) {
      const workflow = await chain.start(viewerId, USER_INPUT);
      const end = Promise.withResolvers<void>();
      ends.set(workflow.workflowId, end);
      await queues.story.add('story', { workflow, results: {} }, options);
      await end.promise;
      ends.delete(workflow.workflowId);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      connection.disconnect();
      await chain.close();
    },
  };
};
