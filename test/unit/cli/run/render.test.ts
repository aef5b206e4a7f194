import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  renderAgents,
  renderFrame,
  renderLine,
  renderNote,
  renderTitle,
  type Terminal,
} from '../../../../src/cli/run/render.ts';
import { displayWidth } from '../../../../src/cli/text.ts';
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
  test('the title shows the idea without control characters', () => {
    expect(renderTitle('a <b>"bell"</b>\n🔔\u001b[2J')).toBe('A room for “a <b>"bell"</b> 🔔␛[2J”');
  });

  test('the title is short, however long the idea is', () => {
    expect(displayWidth(renderTitle('鬼'.repeat(10_000)))).toBeLessThanOrEqual(160);
  });
});

describe('the agents', () => {
  test('each agent has a line with status, attempt, elapsed time and reason', () => {
    expect(renderAgents(aRun({ updatedAt: at(9_000), steps: underWay }), 0, WIDE)).toEqual([
      '  ✔ StoryAgent    attempt 1     1.2 s',
      '  ✖ AssetAgent    attempt 2     7.0 s  HTTP 500 from the agent',
      '  ↻ CodeAgent     attempt 1     0.7 s  retry in 3.0 s: no answer within 5000 ms',
      '  · DeployAgent',
    ]);
  });

  test('elapsed times follow the server’s clock, however wrong the local clock is', () => {
    const steps = [aStep('STORY', { status: 'RUNNING', startedAt: at(500), attempts: [{ number: 1 }] })];
    const [line] = renderAgents(aRun({ updatedAt: at(700), steps }), 2_000, WIDE);
    expect(line).toMatch(/attempt 1 {5}2\.2 s$/);
  });

  test('a running agent has a moving spinner', () => {
    const steps = [aStep('STORY', { status: 'RUNNING', startedAt: at(0), attempts: [{ number: 1 }] })];
    const marks = [0, 100, 200].map((nowMs) => renderAgents(aRun({ steps }), nowMs, WIDE)[0]?.trim()[0]);
    expect(new Set(marks).size).toBe(3);
  });
});

describe('a log line', () => {
  test('a log line shows time, agent and message', () => {
    const line = aLine(14, { agentType: 'ORCHESTRATOR', message: 'the chain begins' });
    expect(renderLine(line, aRun(), WIDE)).toBe('   1.4 s  Orchestrator  the chain begins');
  });

  test('warnings and errors name their level, for users who do not see colors', () => {
    expect(renderLine(aLine(1, { level: 'WARN' }), aRun(), WIDE)).toContain('warn: line 1');
    expect(renderLine(aLine(1, { level: 'SUCCESS' }), aRun(), WIDE)).toContain('StoryAgent    line 1');
  });
});

describe('a frame', () => {
  const lines = Array.from({ length: 50 }, (_, index) => aLine(index + 1, { message: `灯台 ${'long '.repeat(40)}` }));
  const run = aRun({ steps: underWay }, lines);

  test('a frame shows the agents above the newest log lines', () => {
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

  test('a frame ends with what the run is waiting for', () => {
    expect(renderFrame(run, 'the connection is lost', 0, WIDE).at(-1)).toMatch(/the connection is lost$/);
  });

  test.each([
    [100, 24],
    [40, 10],
    [20, 5],
    [5, 3],
    [1, 1],
  ])('a frame fits a terminal of %i columns and %i rows', (columns, rows) => {
    for (const color of [true, false]) {
      const frame = renderFrame(run, 'waiting', 0, { columns, rows, color });
      expect(frame.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
      for (const line of frame) {
        expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('a frame has colors only if they are enabled, and every color is closed', () => {
    const plain = renderFrame(run, 'waiting', 0, WIDE);
    const colored = renderFrame(run, 'waiting', 0, { ...WIDE, color: true });
    expect(plain.join('')).not.toContain('\u001b');
    expect(colored.map(stripVTControlCharacters)).toEqual(plain);
    for (const line of colored) {
      expect(line.split('\u001b[39m').length * 2 - 1).toBe(line.split('\u001b[').length);
    }
  });
});

test('a note cannot contain an escape sequence', () => {
  expect(renderNote('\u001b[2J', 0, WIDE)).toBe('  ⠋ ␛[2J');
});
