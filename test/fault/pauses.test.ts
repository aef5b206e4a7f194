import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { waitFor } from '../support/wait-for.ts';
import { FULL, seeded } from './support/seeded.ts';
import { expectSound } from './support/soundness.ts';
import { start, test, type Workflow } from './support/world.ts';

const ROUNDS = FULL ? 4 : 1;
/** Longer than after which a worker counts as dead, or not. */
const LONGEST_PAUSE_MS = 12_000;

test('workers that are paused and wake, each in its own time, call no finished agent again', {
  timeout: 300_000,
}, async ({ world }) => {
  const { below } = seeded('pauses');
  for (const agent of AGENT_NAMES) {
    world.agents.script[agent] = () =>
      stream([{ log: 'begins' }, sleep(20 + below(200)), { log: 'goes on' }, { result: GOOD_ANSWERS[agent] }]);
  }
  const api = await world.spawn({ ROLE: 'api' });
  const workers = await Promise.all([1, 2, 3].map(() => world.spawn({ ROLE: 'worker' })));
  const started: Promise<Workflow>[] = [];
  let pausing = workers.length;
  const pauses = workers.map(async ({ pid }) => {
    for (let round = 1; round <= ROUNDS; round++) {
      const enough = world.agents.calls.length + 1 + below(40);
      await waitFor('calls under way', () => world.agents.calls.length >= enough, 120_000);
      process.kill(pid, 'SIGSTOP');
      await sleep(500 + below(LONGEST_PAUSE_MS));
      process.kill(pid, 'SIGCONT');
    }
    pausing -= 1;
  });
  while (pausing > 0) {
    for (let more = 1; more <= 4; more++) started.push(start(() => api.graphqlUrl, `pauses-${started.length}`));
    await sleep(250);
  }
  await Promise.all(pauses);
  const finals = await expectSound(world.database, world.agents, await Promise.all(started));
  expect(finals.every(({ status }) => status === 'succeeded')).toBe(true);
  console.log(`${finals.length} workflows, ${world.agents.calls.length} calls`);
});
