import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { json, stream } from '../support/agents/scripted-answers.ts';
import { test } from '../support/engine/fixtures.ts';
import { FULL, seeded } from './support/seeded.ts';
import { callsFor, expectSound } from './support/soundness.ts';

const MORTAL = fileURLToPath(new URL('support/mortal-service.ts', import.meta.url));
/** Tried in the short version, of about 30. */
const SOME = 5;

describe('a process that dies between any two steps of a workflow', () => {
  test('is followed by one that takes it to its end', { timeout: 600_000 }, async ({
    agents,
    database,
    rows,
    start,
  }) => {
    const random = seeded('points');
    // One failure, one wait and one stream of progress on the way.
    agents.script.story = (_call, nth) => (nth % 2 === 1 ? json({}, { status: 503 }) : undefined);
    agents.script.code = () => stream([{ log: 'begins' }, { log: 'ends' }, { result: GOOD_ANSWERS.code }]);

    async function live(key: string, dieAt: number): Promise<string> {
      const task = JSON.stringify({ databaseUrl: database.url, urls: agents.urls, key, dieAt });
      const child = spawn(process.execPath, [MORTAL, task], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const [, signal] = await once(child, 'close');
      return signal === 'SIGKILL' ? 'killed' : output.trim();
    }

    const points = Number(await live('whole', 0));
    expect(points).toBeGreaterThan(15);
    const all = Array.from({ length: points }, (_, index) => index + 1);
    const chosen = FULL ? all : Array.from({ length: SOME }, () => random.oneOf(all));
    console.log(`${points} points; dying at ${chosen.join(', ')}`);
    let deaths = 0;
    for (const [index, dieAt] of chosen.entries()) {
      agents.calls.length = 0;
      const key = `point-${index}`;
      if ((await live(key, dieAt)) === 'killed') deaths += 1;
      const successor = await start();
      // Its client asks again: it does not know whether the start was saved.
      const { workflow, room } = await successor.service.start('local', { userInput: 'a lamp', idempotencyKey: key });
      await rows.ended(workflow.id);
      const [final] = await expectSound(database, agents, [{ id: workflow.id, roomId: room.id }]);
      expect(final?.status).toBe('succeeded');
      for (const agent of ['asset', 'code', 'deploy'] as const) {
        expect(callsFor(agents, workflow.id, agent).length).toBeLessThanOrEqual(2);
      }
      await successor.stop(0);
    }
    // The order of what runs side by side differs from run to run, and so may the very last points.
    expect(deaths).toBeGreaterThanOrEqual(Math.min(chosen.length, points - 3) - 2);
  });
});
