import { describe, expect, test } from 'vitest';
import { agentFigures, agentsSummary, agentWord, moodOf } from '../../../web/overview/agent-words.ts';
import type { AgentState, RoomSummary } from '../../../web/overview/operations.ts';
import { matches, roomDetail, statusWord } from '../../../web/overview/room-words.ts';

const agent = (values: Partial<AgentState> = {}): AgentState => ({
  name: 'STORY',
  url: null,
  healthy: true,
  unhealthySince: null,
  problem: null,
  checkedAt: '2026-11-22T14:34:00.000Z',
  latencyMs: 3,
  running: 0,
  limit: 50,
  waiting: 0,
  oldestWaitingSeconds: null,
  recentFailures: 0,
  ...values,
});

describe('an agent in words', () => {
  test.each([
    [{}, 'Up', 'good', []],
    [{ healthy: null, checkedAt: null }, 'Not checked', 'unknown', []],
    [{ healthy: null }, 'No health check', 'unknown', []],
    [{ healthy: false, running: 1 }, 'Down', 'bad', ['1 of 50 busy']],
    [{ limit: 0, waiting: 2, oldestWaitingSeconds: 61 }, 'No worker', 'bad', ['2 waiting, oldest 1 min 01 s']],
    [{ recentFailures: 1 }, 'Failed lately', 'warn', ['1 attempt failed in 10 min']],
    [{ running: 3, limit: null }, 'Working', 'busy', ['3 busy']],
    [{ waiting: 1, oldestWaitingSeconds: 0.2 }, 'Waiting', 'busy', ['1 waiting, oldest 1 s']],
  ])('an agent with %j is shown as “%s”', (values, word, mood, figures) => {
    expect([agentWord(agent(values)), moodOf(agent(values)), agentFigures(agent(values))]).toEqual([
      word,
      mood,
      figures,
    ]);
  });

  test('the summary names what is worst: no worker, then agents that are down, then those that failed lately', () => {
    const code = agent({ name: 'CODE', recentFailures: 2 });
    expect(agentsSummary([agent(), agent()]).text).toBe('All agents are up');
    expect(agentsSummary([agent(), code]).text).toBe('CodeAgent failed lately');
    expect(agentsSummary([agent({ healthy: false }), code]).text).toBe('StoryAgent is down');
    expect(agentsSummary([agent({ healthy: false }), { ...code, healthy: false }]).text).toBe(
      'StoryAgent and CodeAgent are down',
    );
    expect(agentsSummary([agent({ limit: 0 })]).text).toBe('No worker is running, so no agent is called');
  });
});

type Status = NonNullable<RoomSummary['latestWorkflow']>['steps'][number]['status'];
const room = (values: Partial<RoomSummary>, ...statuses: Status[]): RoomSummary => ({
  id: '0192',
  cursor: 'x',
  title: 'A Lamp',
  status: 'RUNNING',
  error: null,
  createdAt: '2026-11-22T14:34:00.000Z',
  latestWorkflow: {
    id: '0193',
    status: 'RUNNING',
    createdAt: '2026-11-22T14:34:00.000Z',
    startedAt: null,
    finishedAt: null,
    steps: statuses.map((status, n) => ({
      agent: (['STORY', 'ASSET', 'CODE', 'DEPLOY'] as const)[n] ?? 'DEPLOY',
      status,
    })),
  },
  ...values,
});

describe('a room in words', () => {
  test('a running room says which agent works, which one failed, and what waits', () => {
    expect(roomDetail(room({}, 'SUCCEEDED', 'RUNNING'))).toBe('AssetAgent is drawing the picture');
    expect(roomDetail(room({}, 'FAILED', 'WAITING_TO_RETRY', 'PENDING'))).toBe(
      'StoryAgent failed; AssetAgent failed and is called again soon',
    );
    expect(roomDetail(room({}, 'SUCCEEDED', 'PENDING', 'PENDING'))).toBe('AssetAgent waits for a slot');
    expect(roomDetail(room({}, 'RUNNING', 'RUNNING'))).toBe(
      'StoryAgent is writing the story; AssetAgent is drawing the picture',
    );
  });

  test('a room in error shows the error, and one that is done or has never run shows nothing more', () => {
    expect(roomDetail(room({ status: 'ERROR', error: 'CodeAgent failed after 3 attempts: x' }))).toBe(
      'CodeAgent failed after 3 attempts: x',
    );
    expect(roomDetail(room({ status: 'DONE' }, 'SUCCEEDED'))).toBeNull();
    expect(roomDetail(room({ status: 'IDLE', latestWorkflow: null }))).toBeNull();
    expect(statusWord(room({ status: 'IDLE', latestWorkflow: null }))).toBe('Idle');
  });

  test('a room is found by its title, error, status or id, whatever the case', () => {
    const failed = room({ status: 'ERROR', error: 'CodeAgent failed' });
    for (const text of ['', '  lamp ', 'agent failed', 'FAILED', '0192']) expect(matches(failed, text)).toBe(true);
    expect(matches(failed, 'bell')).toBe(false);
  });
});
