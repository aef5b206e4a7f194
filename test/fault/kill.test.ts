import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { waitFor } from '../support/wait-for.ts';
import { FULL, seeded } from './support/seeded.ts';
import { callsFor, expectSound } from './support/soundness.ts';
import { start, test, type Workflow } from './support/world.ts';

const WORKFLOWS = FULL ? 200 : 30;
const KILLS = FULL ? 15 : 3;

describe('kill -9 of a random worker, again and again', () => {
  test('loses no workflow, calls no finished agent again, pays once, and leaves no gap in any log', {
    timeout: 600_000,
  }, async ({ world }) => {
    const random = seeded('kill');
    for (const agent of AGENT_NAMES) {
      // Long enough that a death finds calls under way.
      const pause = () => sleep(20 + random.below(200));
      world.agents.script[agent] = () =>
        stream([{ log: 'begins' }, pause(), { log: 'goes on' }, { result: GOOD_ANSWERS[agent] }]);
    }
    const api = await world.spawn({ ROLE: 'api' });
    const workers = await Promise.all([1, 2, 3].map(() => world.spawn({ ROLE: 'worker' })));

    const started: Promise<Workflow>[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      const enough = world.agents.calls.length + 1 + random.below(WORKFLOWS / KILLS);
      while (started.length < (WORKFLOWS * kill) / KILLS) {
        started.push(start(() => api.graphqlUrl, `kill-${started.length}`));
      }
      await waitFor('calls under way', () => world.agents.calls.length >= enough);
      const victim = random.below(workers.length);
      expect(await workers[victim]?.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      workers[victim] = await world.spawn({ ROLE: 'worker' });
    }

    const workflows = await Promise.all(started);
    const finals = await expectSound(world.database, world.agents, workflows);
    // A step that lost five workers in a row fails, and nothing else does.
    const succeeded = finals.filter(({ status }) => status === 'succeeded');
    expect(succeeded.length).toBeGreaterThanOrEqual(WORKFLOWS * 0.9);
    const again = workflows.flatMap(({ id }) =>
      AGENT_NAMES.filter((agent) => callsFor(world.agents, id, agent).length > 1),
    );
    console.log(
      `${finals.length} workflows, ${succeeded.length} succeeded, ${again.length} steps called more than once`,
    );
    expect(again.length).toBeGreaterThan(0);
  });
});
