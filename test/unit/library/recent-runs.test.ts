import { expect, test } from 'vitest';
import { createRecentRuns } from '../../../src/library/recent-runs.ts';
import type { WorkflowRun } from '../../../src/library/workflow-run.ts';

const runOf = (roomId: string) => ({ roomId }) as WorkflowRun;

test('the last workflows of 1,000 rooms are kept, and all that are running', () => {
  const runs = createRecentRuns();
  const isRunning = (roomId: string) => roomId === 'room 0';
  for (let n = 0; n < 1_000; n += 1) runs.add(runOf(`room ${n}`), isRunning);
  const again = runOf('room 1');
  runs.add(again, isRunning);
  runs.add(runOf('one more'), isRunning);
  expect(runs.of('room 0')).toBeDefined();
  expect(runs.of('room 1')).toBe(again);
  expect(runs.of('room 2')).toBeUndefined();
  expect(runs.of('one more')).toBeDefined();
});
