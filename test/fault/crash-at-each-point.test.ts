import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { json, stream } from '../support/agents/scripted-answers.ts';
import { test } from '../support/engine/fixtures.ts';
import type { CrashTask } from './support/crashing-service.ts';
import { callsFor, expectInvariants } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const CRASHING_SERVICE = fileURLToPath(new URL('support/crashing-service.ts', import.meta.url));
/** How many of the about 30 crash points the short version tries. */
const SAMPLE = 5;

describe('a crash at each point of a workflow', () => {
  test('wherever a process crashes, the next one finishes its workflow', { timeout: 600_000 }, async ({
    agents,
    database,
    rows,
    start,
  }) => {
    const random = seededRandom('points');
    // The workflow has a failure, a wait before the retry, and streamed progress.
    agents.script.story = (_call, nth) => (nth % 2 === 1 ? json({}, { status: 503 }) : undefined);
    agents.script.code = () => stream([{ log: 'begins' }, { log: 'ends' }, { result: GOOD_ANSWERS.code }]);

    async function runWorkflow(idempotencyKey: string, crashAt: number): Promise<'killed' | number> {
      const task: CrashTask = { databaseUrl: database.url, urls: agents.urls, idempotencyKey, crashAt };
      const child = spawn(process.execPath, [CRASHING_SERVICE, JSON.stringify(task)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const [, signal] = await once(child, 'close');
      return signal === 'SIGKILL' ? 'killed' : Number(output);
    }

    const points = Number(await runWorkflow('complete', 0));
    expect(points).toBeGreaterThan(15);
    const all = Array.from({ length: points }, (_, index) => index + 1);
    const chosen = FULL ? all : Array.from({ length: SAMPLE }, () => random.oneOf(all));
    console.log(`${points} crash points; crashing at ${chosen.join(', ')}`);
    let crashes = 0;
    for (const [index, crashAt] of chosen.entries()) {
      agents.calls.length = 0;
      const idempotencyKey = `point-${index}`;
      if ((await runWorkflow(idempotencyKey, crashAt)) === 'killed') crashes += 1;
      const successor = await start();
      // The client does not know whether its start was saved, so it sends it again.
      const { workflow, room } = await successor.service.start('local', { userInput: 'a lamp', idempotencyKey });
      await rows.ended(workflow.id);
      const [finished] = await expectInvariants(database, agents, [{ id: workflow.id, roomId: room.id }]);
      expect(finished?.status).toBe('succeeded');
      for (const agent of ['asset', 'code', 'deploy'] as const) {
        expect(callsFor(agents, workflow.id, agent).length).toBeLessThanOrEqual(2);
      }
      await successor.stop(0);
    }
    // Concurrent calls come in a different order in each run, so a run may end before its last crash points.
    expect(crashes).toBeGreaterThanOrEqual(Math.min(chosen.length, points - 3) - 2);
  });
});
