import { describe, expect, test } from 'vitest';
import { createLogLines } from '../../../../web/graphiql/log-lines.ts';
import { lineText } from '../../../../web/graphiql/log-text.ts';

const event = (line: Record<string, unknown>) => ({ data: { agentLogs: line } });

describe('the log in GraphiQL', () => {
  test('events are appended below each other, in order', () => {
    const lines = createLogLines();
    lines.add(event({ seq: 1, message: 'one' }));
    lines.add(event({ seq: 2, message: 'two' }));
    expect(lines.take()).toEqual({ text: '1    one\n2    two\n', dropped: 0 });
    expect(lines.take()).toBeNull();
  });

  test('lines that were shown before a reconnection are left out', () => {
    const lines = createLogLines();
    for (const seq of [1, 2, 1, 2, 3]) lines.add(event({ seq, message: 'x' }));
    expect(lines.take()?.text).toBe('1    x\n2    x\n3    x\n');
  });

  test('the oldest events are dropped once there are too many, whole ones only', () => {
    const lines = createLogLines(3);
    lines.add(event({ message: 'first\nof two lines' }));
    lines.add(event({ message: 'second' }));
    expect(lines.take()?.dropped).toBe(0);
    lines.add(event({ message: 'third' }));
    lines.add(event({ message: 'fourth' }));
    expect(lines.take()).toEqual({ text: 'third\nfourth\n', dropped: 2 });
    for (let n = 0; n < 10; n += 1) lines.add(event({ message: String(n) }));
    expect(lines.take()).toEqual({ text: '7\n8\n9\n', dropped: 3 });
  });

  test('an error is shown as the API sent it', () => {
    const lines = createLogLines();
    lines.add({ data: null, errors: [] });
    expect(lines.take()?.text).toBe('{\n  "data": null,\n  "errors": []\n}\n');
  });

  test('a line shows the fields that were asked for, in their order, with the time of day', () => {
    expect(
      lineText({ seq: 12, timestamp: '2026-01-02T03:04:05.678Z', agentType: 'STORY', level: 'INFO', message: 'a\nb' }),
    ).toBe('12   03:04:05.678  STORY         INFO     a\n      b');
    expect(lineText({ message: 'm', metadata: { event: 'e' }, nothing: null })).toBe('m  {"event":"e"}');
  });
});
