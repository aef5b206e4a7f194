import { describe, expect, test } from 'vitest';
import { filterLines, NO_FILTER, stepOf } from '../../../web/log/filter-lines.ts';
import { attemptOf } from '../../../web/room/attempt-of.ts';
import { explainFailure } from '../../../web/room/explain-failure.ts';
import { runAsText } from '../../../web/room/run-as-text.ts';
import { statusSentence } from '../../../web/room/status-sentence.ts';
import { ago, countdown, duration, lineTime, offset } from '../../../web/shared/time.ts';
import { at, attempt, line, msAt, step, workflow } from './support/workflows.ts';

const code = step('CODE', 'FAILED', [attempt(1, 0, 1, 'no disk left'), attempt(2, 3, 4, 'no disk left')]);

describe('the words of a room', () => {
  test('a failure names the agent, what it did and what to do next', () => {
    expect(explainFailure(code)).toEqual({
      sentence: 'CodeAgent answered with an error (HTTP 503), 2 times in a row.',
      advice: 'It is overloaded or broken. Retry from CodeAgent in a while.',
    });
  });

  test('the status is a sentence that begins with the status', () => {
    const waiting = step('STORY', 'WAITING_TO_RETRY', [attempt(1, 0, 1, 'busy')]);
    expect(statusSentence(null)).toBe('Nothing has run here yet');
    expect(statusSentence(workflow([waiting]))).toBe('Running: StoryAgent waits before attempt 2');
    expect(statusSentence(workflow([code], { status: 'FAILED', finishedAt: at(4) }))).toBe(
      'Failed: CodeAgent gave no result',
    );
  });

  test('times are short at every length', () => {
    expect([840, 12_340, 59_960, 245_000, 7_800_000].map(duration)).toEqual([
      '840 ms',
      '12.3 s',
      '1 min 00 s',
      '4 min 05 s',
      '2 h 10 min',
    ]);
    expect([-5, 100, 61_000, 3_600_000].map(countdown)).toEqual(['0 s', '1 s', '1 min 01 s', '1 h 00 min']);
    expect([1_500, 365_120, 3_725_000].map(offset)).toEqual(['+1.50 s', '+6:05.1', '+1:02:05']);
    expect([0, 90_000, 90_000_000].map(ago)).toEqual(['just now', '1 min ago', 'yesterday']);
    expect(lineTime(at(1.5), msAt(0), 'relative')).toBe('+1.50 s');
    expect(lineTime(at(1.5), msAt(0), 'utc')).toBe('12:00:01.500Z');
  });
});

describe('the lines of a room', () => {
  const about = line(2, 1.2, { agentType: 'ORCHESTRATOR', level: 'WARN', metadata: { agent: 'code', attempt: 1 } });

  test("the orchestrator's line about an agent belongs to that agent's step", () => {
    expect(stepOf(about)).toBe('CODE');
    expect(stepOf(line(1, 0, { agentType: 'ORCHESTRATOR' }))).toBe(null);
  });

  test('a line belongs to the attempt that it names, or during which it was written', () => {
    const run = workflow([code]);
    expect(attemptOf(run, about)).toBe(1);
    expect(attemptOf(run, line(3, 3.5, { agentType: 'CODE' }))).toBe(2);
    expect(attemptOf(run, line(4, 2, { agentType: 'CODE' }))).toBe(null);
    expect(attemptOf(run, line(5, 3.5, { agentType: 'STORY' }))).toBe(null);
  });

  test('a filter combines step, level and text', () => {
    const lines = [line(1, 0, { message: 'Began' }), about, line(3, 2, { agentType: 'CODE', message: 'began again' })];
    const seqs = (filter: object) => filterLines(lines, { ...NO_FILTER, ...filter }).map(({ seq }) => seq);
    expect(seqs({})).toEqual([1, 2, 3]);
    expect(seqs({ source: 'CODE' })).toEqual([2, 3]);
    expect(seqs({ text: ' BEGAN ' })).toEqual([1, 3]);
    expect(seqs({ source: 'CODE', level: 'WARN' })).toEqual([2]);
  });

  test('a run as text has its attempts, its last lines and its results, whatever they contain', () => {
    const lines = Array.from({ length: 301 }, (_, index) => line(index + 1, index / 100));
    const text = runAsText(
      workflow([code], { status: 'FAILED', finishedAt: at(4) }),
      [...lines.slice(0, 300), line(301, 3, { message: '```js' })],
      new Map([['STORY', { story: 'x'.repeat(5_000) }]]),
    );
    expect(text).toContain('- CodeAgent: failed\n  - attempt 1: failed after 1.0 s, HTTP 503: no disk left');
    expect(text).toContain('## Log, the last 300 of 301 lines\n\n````\n');
    expect(text).toContain('## Result of StoryAgent');
    expect(text).toContain('characters in all');
  });
});
