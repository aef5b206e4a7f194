import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesUntil, workflowAt } from '../../../web/replay/workflow-at.ts';
import { at, attempt, line, msAt, step, workflow } from './support/workflows.ts';

const run = workflow(
  [
    step('STORY', 'SUCCEEDED', [attempt(1, 1, 2)]),
    step('ASSET', 'SUCCEEDED', [attempt(1, 2, 3, 'HTTP 503'), attempt(2, 5, 6)]),
    step('DEPLOY', 'SUCCEEDED', [attempt(1, 6, 8)]),
  ],
  {
    status: 'SUCCEEDED',
    startedAt: at(1),
    finishedAt: at(9),
    reward: { amount: 10 },
    deployment: { deploymentUrl: 'http://localhost/', codeCid: null, completedAt: at(8) },
  },
);
const statusesAt = (seconds: number) => {
  const { status, steps } = workflowAt(run, msAt(seconds));
  return [status, ...steps.map((each) => each.status)];
};

describe('a run at an earlier moment', () => {
  test('steps have the status that they had then', () => {
    expect(statusesAt(0)).toEqual(['QUEUED', 'PENDING', 'PENDING', 'PENDING']);
    expect(statusesAt(1.5)).toEqual(['RUNNING', 'RUNNING', 'PENDING', 'PENDING']);
    expect(statusesAt(4)).toEqual(['RUNNING', 'SUCCEEDED', 'WAITING_TO_RETRY', 'PENDING']);
    expect(statusesAt(5.5)).toEqual(['RUNNING', 'SUCCEEDED', 'RUNNING', 'PENDING']);
  });

  test('an attempt in progress has no outcome yet, and a step in back-off names its next attempt', () => {
    const [, during] = workflowAt(run, msAt(2.5)).steps;
    expect(during?.attempts).toEqual([{ ...attempt(1, 2, null), error: null }]);
    const [, between] = workflowAt(run, msAt(4)).steps;
    expect(between).toMatchObject({ nextAttemptAt: at(5), error: 'HTTP 503', finishedAt: null });
  });

  test('the deployment and the reward appear when they were made', () => {
    expect(workflowAt(run, msAt(7.9)).deployment).toBe(null);
    expect(workflowAt(run, msAt(8)).deployment).toEqual(run.deployment);
    expect(workflowAt(run, msAt(8)).reward).toBe(null);
    expect(workflowAt(run, msAt(9))).toEqual(run);
  });

  test('a result that was taken over from an earlier run is there from the beginning', () => {
    const retried = workflow([step('STORY', 'SUCCEEDED'), step('ASSET', 'SUCCEEDED', [attempt(1, 1, 2)])], {
      status: 'SUCCEEDED',
      finishedAt: at(3),
    });
    expect(workflowAt(retried, msAt(0.5)).steps.map(({ status }) => status)).toEqual(['SUCCEEDED', 'PENDING']);
  });

  test('lines are those written until then, for any moment', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), fc.integer({ min: -1, max: 101 }), (times, now) => {
        const lines = times.toSorted((a, b) => a - b).map((seconds, index) => line(index + 1, seconds));
        expect(linesUntil(lines, msAt(now))).toEqual(
          lines.filter(({ timestamp }) => Date.parse(timestamp) <= msAt(now)),
        );
      }),
    );
  });
});
