import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { renderAgents, renderFrame, renderLine, renderNote, renderTitle, type Terminal } from '../../../demo/render.ts';
import { displayWidth } from '../../../demo/text.ts';
import { aLine, aRun, aStep, at } from './a-run.ts';

const WIDE: Terminal = { columns: 100, rows: 24, color: false };

const underWay = [
  aStep('STORY', { status: 'SUCCEEDED', startedAt: at(0), finishedAt: at(1_250), attempts: [{ number: 1 }] }),
  aStep('ASSET', {
    status: 'FAILED',
    startedAt: at(1_300),
    finishedAt: at(8_300),
    attempts: [{ number: 1 }, { number: 2 }],
    error: 'HTTP 500\nfrom the agent',
  }),
  aStep('CODE', {
    status: 'WAITING_TO_RETRY',
    startedAt: at(8_300),
    nextAttemptAt: at(12_000),
    attempts: [{ number: 1 }],
    error: 'no answer within 5000 ms',
  }),
  aStep('DEPLOY'),
];

describe('the title', () => {
  test('repeats the idea, harmless for a terminal', () => {
    expect(renderTitle('a <b>"bell"</b>\n🔔\u001b[2J')).toBe('A room for “a <b>"bell"</b> 🔔␛[2J”');
  });

  test('does not push the run off the screen, however long the idea is', () => {
    expect(displayWidth(renderTitle('鬼'.repeat(10_000)))).toBeLessThanOrEqual(160);
  });
});

describe('the agents', () => {
  test('each have a line with status, attempt, elapsed time and reason', () => {
    expect(renderAgents(aRun({ updatedAt: at(9_000), steps: underWay }), 0, WIDE)).toEqual([
      '  ✔ StoryAgent    attempt 1     1.2 s',
      '  ✖ AssetAgent    attempt 2     7.0 s  HTTP 500 from the agent',
      '  ↻ CodeAgent     attempt 1     0.7 s  again in 3.0 s: no answer within 5000 ms',
      '  · DeployAgent',
    ]);
  });

  test('are timed by the server’s clock, however wrong the reader’s is', () => {
    const steps = [aStep('STORY', { status: 'RUNNING', startedAt: at(500), attempts: [{ number: 1 }] })];
    const [line] = renderAgents(aRun({ updatedAt: at(700), steps }), 2_000, WIDE);
    expect(line).toMatch(/attempt 1 {5}2\.2 s$/);
  });

  test('have a mark that moves while they run', () => {
    const steps = [aStep('STORY', { status: 'RUNNING', startedAt: at(0), attempts: [{ number: 1 }] })];
    const marks = [0, 100, 200].map((nowMs) => renderAgents(aRun({ steps }), nowMs, WIDE)[0]?.trim()[0]);
    expect(new Set(marks).size).toBe(3);
  });
});

describe('a line of the log', () => {
  test('tells when, who and what', () => {
    const line = aLine(14, { agentType: 'ORCHESTRATOR', message: 'the chain begins' });
    expect(renderLine(line, aRun(), WIDE)).toBe('   1.4 s  Orchestrator  the chain begins');
  });

  test('names its level where that matters, for those who see no colour', () => {
    expect(renderLine(aLine(1, { level: 'WARN' }), aRun(), WIDE)).toContain('warn: line 1');
    expect(renderLine(aLine(1, { level: 'SUCCESS' }), aRun(), WIDE)).toContain('StoryAgent    line 1');
  });
});

describe('a frame', () => {
  const lines = Array.from({ length: 50 }, (_, index) => aLine(index + 1, { message: `灯台 ${'long '.repeat(40)}` }));
  const run = aRun({ steps: underWay }, lines);

  test('shows the agents above, and the newest lines below', () => {
    const frame = renderFrame(
      aRun(
        { steps: underWay },
        [1, 2, 3].map((seq) => aLine(seq)),
      ),
      null,
      0,
      WIDE,
    );
    expect(frame).toHaveLength(8);
    expect(frame[4]).toBe('');
    expect(frame.at(-1)).toContain('line 3');
  });

  test('ends with what is waited for', () => {
    expect(renderFrame(run, 'the connection is lost', 0, WIDE).at(-1)).toMatch(/the connection is lost$/);
  });

  test.each([
    [100, 24],
    [40, 10],
    [20, 5],
    [5, 3],
    [1, 1],
  ])('fits a terminal of %i columns and %i rows', (columns, rows) => {
    for (const color of [true, false]) {
      const frame = renderFrame(run, 'waiting', 0, { columns, rows, color });
      expect(frame.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
      for (const line of frame) {
        expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('has colours only where they are wanted, and none that is left open', () => {
    const plain = renderFrame(run, 'waiting', 0, WIDE);
    const colored = renderFrame(run, 'waiting', 0, { ...WIDE, color: true });
    expect(plain.join('')).not.toContain('\u001b');
    expect(colored.map(stripVTControlCharacters)).toEqual(plain);
    for (const line of colored) {
      expect(line.split('\u001b[39m').length * 2 - 1).toBe(line.split('\u001b[').length);
    }
  });
});

test('a note cannot smuggle an escape sequence in', () => {
  expect(renderNote('\u001b[2J', 0, WIDE)).toBe('  ⠋ ␛[2J');
});
