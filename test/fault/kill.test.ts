import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflow, test, type WorkflowRef } from './support/cluster.ts';
import { callsFor, expectInvariants } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const WORKFLOWS = FULL ? 200 : 30;
const KILLS = FULL ? 15 : 3;

describe('repeated kill -9 of a random worker', () => {
  test('killing workers loses no workflow, repeats no finished agent, pays each reward once and leaves no gap in any log', {
    timeout: 600_000,
  }, async ({ cluster }) => {
    const random = seededRandom('kill');
    for (const agent of AGENT_NAMES) {
      // Long enough for a kill to hit calls in flight.
      const pause = () => sleep(20 + random.below(200));
      cluster.agents.script[agent] = () =>
        stream([{ log: 'begins' }, pause(), { log: 'goes on' }, { result: GOOD_ANSWERS[agent] }]);
    }
    const api = await cluster.spawn({ ROLE: 'api' });
    const workers = await Promise.all([1, 2, 3].map(() => cluster.spawn({ ROLE: 'worker' })));

    const started: Promise<WorkflowRef>[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      const enough = cluster.agents.calls.length + 1 + random.below(WORKFLOWS / KILLS);
      while (started.length < (WORKFLOWS * kill) / KILLS) {
        started.push(startWorkflow(() => api.graphqlUrl, `kill-${started.length}`));
      }
      await waitFor('calls in flight', () => cluster.agents.calls.length >= enough);
      const victim = random.below(workers.length);
      expect(await workers[victim]?.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      workers[victim] = await cluster.spawn({ ROLE: 'worker' });
    }

    const workflows = await Promise.all(started);
    const finished = await expectInvariants(cluster.database, cluster.agents, workflows);
    // A step fails when five workers in a row die while running it. Nothing else fails.
    const succeeded = finished.filter(({ status }) => status === 'succeeded');
    expect(succeeded.length).toBeGreaterThanOrEqual(WORKFLOWS * 0.9);
    const repeated = workflows.flatMap(({ id }) =>
      AGENT_NAMES.filter((agent) => callsFor(cluster.agents, id, agent).length > 1),
    );
    console.log(
      `${finished.length} workflows, ${succeeded.length} succeeded, ${repeated.length} steps called more than once`,
    );
    expect(repeated.length).toBeGreaterThan(0);
  });
});
