import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../../../src/cli/run/result.ts';
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
  test('a room that is done is a success, with its page and its reward', () => {
    expect(outcomeOf(done, {}, null)).toEqual({
      ok: true,
      hasLinks: true,
      lines: ['The room was done in 8.2 s.', 'Page: http://127.0.0.1:4000/deployments/bafy/', 'Reward: 10 HHCW'],
    });
  });

  test('the beginning of the story and the picture’s URL are shown', () => {
    const story = `It was ${'very '.repeat(100)}dark.\n\n\u001b[2JThen it rained.`;
    const { lines } = outcomeOf(done, { STORY: { story }, ASSET: { imageUrl: 'http://a.test/i' } }, null);
    expect(lines).toContain('Picture: http://a.test/i');
    const excerpt = lines.filter((line) => line.startsWith('  '));
    expect(excerpt[0]).toMatch(/^ {2}It was very/);
    expect(excerpt.at(-1)).toMatch(/…$/);
    expect(excerpt.every((line) => line.length <= 80)).toBe(true);
    expect(lines.join('')).not.toContain('\u001b');
  });

  test('results of another shape are ignored', () => {
    const { lines } = outcomeOf(done, { STORY: { story: 7 }, ASSET: null }, null);
    expect(lines).toHaveLength(3);
  });

  test('a hint on how to open the page comes last', () => {
    expect(outcomeOf(done, {}, 'Run npm start.').lines.at(-1)).toBe('Run npm start.');
  });
});

describe('a room in error', () => {
  const failed = aWorkflow({
    status: 'FAILED',
    room: { id: 'room-1', status: 'ERROR', error: 'AssetAgent: HTTP 500' },
  });

  test('a room in error is a failure, with the reason', () => {
    expect(outcomeOf(failed, {}, 'Run npm start.')).toEqual({
      ok: false,
      hasLinks: false,
      lines: ['The room ended in error: AssetAgent: HTTP 500'],
    });
  });

  test('a room in error that has a page shows its URL', () => {
    expect(outcomeOf({ ...failed, deployment }, {}, null).lines).toContain(`Page: ${deployment.deploymentUrl}`);
  });
});

test('a cancelled workflow is a failure', () => {
  const cancelled = aWorkflow({ status: 'CANCELLED', room: { id: 'room-1', status: 'IDLE', error: null } });
  expect(outcomeOf(cancelled, {}, null)).toEqual({
    ok: false,
    hasLinks: false,
    lines: ['The workflow was cancelled.'],
  });
});
