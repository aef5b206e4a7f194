import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../../demo/outcome.ts';
import { at, aWorkflow } from './a-run.ts';

const deployment = { deploymentUrl: 'http://127.0.0.1:4000/deployments/bafy/' };
const done = aWorkflow({
  status: 'SUCCEEDED',
  finishedAt: at(8_200),
  room: { id: 'room-1', status: 'DONE', error: null },
  deployment,
  reward: { amount: 10 },
});

describe('a room that is done', () => {
  test('counts as a success, with its page and its reward', () => {
    expect(outcomeOf(done, null)).toEqual({
      ok: true,
      lines: [
        'The room is done, after 8.2 s.',
        'Deployment: http://127.0.0.1:4000/deployments/bafy/',
        'Reward: 10 HHCW',
      ],
    });
  });

  test('tells how to see the page when the server goes', () => {
    expect(outcomeOf(done, 'Run npm start.').lines.at(-1)).toBe('Run npm start.');
  });
});

describe('a room in error', () => {
  const failed = aWorkflow({
    status: 'FAILED',
    room: { id: 'room-1', status: 'ERROR', error: 'AssetAgent: HTTP 500' },
  });

  test('counts as a failure, with the reason', () => {
    expect(outcomeOf(failed, 'Run npm start.')).toEqual({
      ok: false,
      lines: ['The room is in error: AssetAgent: HTTP 500'],
    });
  });

  test('has its page all the same, where there is one', () => {
    expect(outcomeOf({ ...failed, deployment }, null).lines).toContain(`Deployment: ${deployment.deploymentUrl}`);
  });
});

test('a room that somebody cancelled counts as a failure', () => {
  const cancelled = aWorkflow({ status: 'CANCELLED', room: { id: 'room-1', status: 'IDLE', error: null } });
  expect(outcomeOf(cancelled, null)).toEqual({ ok: false, lines: ['The room was cancelled.'] });
});
