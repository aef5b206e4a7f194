import { expect, test } from 'vitest';
import { createRecentRuns } from '../../../src/library/recent-runs.ts';
import type { WorkflowRun } from '../../../src/library/workflow-run.ts';

const runOf = (roomId: string) => ({ roomId }) as WorkflowRun;

test('the last workflows of a thousand rooms are remembered, and all that run', () => {
  const runs = createRecentRuns();
  const isRunning = (roomId: string) => roomId === 'room 0';
  for (let n = 0; n < 1_000; n += 1) runs.remember(runOf(`room ${n}`), isRunning);
  const again = runOf('room 1');
  runs.remember(again, isRunning);
  runs.remember(runOf('one more'), isRunning);
  expect(runs.of('room 0')).toBeDefined();
  expect(runs.of('room 1')).toBe(again);
  expect(runs.of('room 2')).toBeUndefined();
  expect(runs.of('one more')).toBeDefined();
});
