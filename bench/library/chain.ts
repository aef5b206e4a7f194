import { OrchestratorService } from '../../src/index.ts';

const ROUNDS = 2_000;
const WARM_UP = 500;

/** One answer that is valid for every agent, since unknown fields are ignored. */
const ANSWER = {
  story: 'Once there was a lamp.',
  imageCid: 'image-cid',
  code: '<!doctype html>',
  cid: 'code-cid',
  success: true,
  deploymentUrl: 'http://127.0.0.1/deployments/code-cid/',
};

/**
 * Measures the duration of `executeWorkflow` in ms, with agents in this process that respond at once, divided by the
 * number of concurrent workflows: the cost of one workflow.
 */
export async function measureChain(atOnce: number): Promise<number[]> {
  const nothing = () => {};
  const orchestrator = new OrchestratorService(nothing, nothing, nothing, { fetch: async () => Response.json(ANSWER) });
  const durations: number[] = [];
  for (let round = 0; round < (WARM_UP + ROUNDS) / atOnce; round += 1) {
    const from = performance.now();
    const rooms = Array.from({ length: atOnce }, (_, index) => `room-${index}`);
    await Promise.all(rooms.map((room) => orchestrator.executeWorkflow(room, 'a lamp')));
    if (round >= WARM_UP / atOnce) durations.push((performance.now() - from) / atOnce);
  }
  const state = orchestrator.getWorkflowState('room-0');
  if (state?.completedAgents.length !== 4) throw new Error(`not all agents succeeded: ${JSON.stringify(state)}`);
  return durations;
}
