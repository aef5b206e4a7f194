import { describe, expect, test } from 'vitest';
import { withLine, withWorkflow } from '../../../../src/cli/run/progress.ts';
import { aLine, aRun, aWorkflow } from './a-run.ts';

describe('a resumed subscription', () => {
  test('a line that arrives twice is kept once', () => {
    const run = aRun({}, [aLine(1), aLine(2)]);
    expect(withLine(run, aLine(2))).toBe(run);
    expect(withLine(run, aLine(3)).lines.map((line) => line.seq)).toEqual([1, 2, 3]);
  });

  test('an older version of the workflow is ignored', () => {
    const run = aRun({ version: 5 });
    expect(withWorkflow(run, aWorkflow({ version: 5 }), 10)).toBe(run);
    expect(withWorkflow(run, aWorkflow({ version: 4 }), 10)).toBe(run);
    expect(withWorkflow(run, aWorkflow({ version: 6 }), 10).workflow.version).toBe(6);
  });
});

test('a long log keeps its newest lines and counts the others', () => {
  const run = aRun(
    {},
    Array.from({ length: 620 }, (_, index) => aLine(index + 1)),
  );
  expect(run.lines).toHaveLength(500);
  expect(run.lines[0]?.seq).toBe(121);
  expect(run.droppedLines).toBe(120);
});
