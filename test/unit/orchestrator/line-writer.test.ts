import { describe, expect, test } from 'vitest';
import type { LogLine, NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { createLineWriter } from '../../../src/orchestrator/line-writer.ts';

const line = (message: string, metadata: NewLogLine['metadata'] = null): NewLogLine => ({
  agentType: 'story',
  level: 'info',
  message,
  metadata,
});

/** A log whose statements end when the test says so. */
function heldLog() {
  const batches: string[][] = [];
  const gates: PromiseWithResolvers<LogLine[] | null>[] = [];
  const append = (lines: readonly NewLogLine[]) => {
    batches.push(lines.map(({ message }) => message));
    const gate = Promise.withResolvers<LogLine[] | null>();
    gates.push(gate);
    return gate.promise;
  };
  return { batches, append, next: () => gates.shift() };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the lines of an agent', () => {
  test('are written in order, those that come during a statement together by the next', async () => {
    const { batches, append, next } = heldLog();
    const writer = createLineWriter(
      append,
      () => {},
      () => {},
    );
    for (const message of ['a', 'b']) await writer.write(line(message));
    await soon();
    for (const message of ['c', 'd']) await writer.write(line(message));
    next()?.resolve([]);
    await soon();
    next()?.resolve([]);
    await writer.drain();
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('that wait when the agent has ended are left to be written along with its outcome, or else by themselves', async () => {
    const { batches, append, next } = heldLog();
    const writer = createLineWriter(
      append,
      () => {},
      () => {},
    );
    await writer.write(line('a'));
    await soon();
    await writer.write(line('b'));
    const rest = writer.rest();
    next()?.resolve([]);
    expect(await rest).toEqual([line('b')]);
    await soon();
    expect(batches).toEqual([['a']]);
    const drained = writer.drain();
    next()?.resolve([]);
    await drained;
    expect(batches).toEqual([['a'], ['b']]);
  });

  test('slow their agent down when too many wait', async () => {
    const { append, next } = heldLog();
    const writer = createLineWriter(
      append,
      () => {},
      () => {},
    );
    for (let index = 0; index < 999; index += 1) await writer.write(line('x'));
    let isThrough = false;
    const waiting = writer.write(line('one too many')).then(() => {
      isThrough = true;
    });
    await soon();
    expect(isThrough).toBe(false);
    for (let gate = next(); gate !== undefined; gate = next()) {
      gate.resolve([]);
      await soon();
    }
    await waiting;
    expect(isThrough).toBe(true);
  });

  test('end with the lease: whoever lost it writes no more', async () => {
    const { batches, append, next } = heldLog();
    let lost = 0;
    const writer = createLineWriter(
      append,
      () => {},
      () => {
        lost += 1;
      },
    );
    await writer.write(line('a'));
    await soon();
    await writer.write(line('b'));
    next()?.resolve(null);
    await writer.drain();
    await writer.write(line('c'));
    await writer.drain();
    expect(await writer.rest()).toEqual([]);
    expect({ lost, batches }).toEqual({ lost: 1, batches: [['a']] });
  });

  test('keep their words when their metadata cannot be kept', async () => {
    const kept: NewLogLine[] = [];
    const writer = createLineWriter(
      async (lines) => {
        if (lines.some(({ metadata }) => metadata !== null)) throw new Error('nested too deep');
        kept.push(...lines);
        return [];
      },
      () => {},
      () => {},
    );
    await writer.write(line('a', { deep: true }));
    await writer.drain();
    expect(kept).toEqual([line('a')]);
  });

  test('that cannot be written at all are told of, not lost in silence', async () => {
    const writer = createLineWriter(
      async () => {
        throw new Error('disk full');
      },
      () => {},
      () => {},
    );
    await writer.write(line('a'));
    await expect(writer.drain()).rejects.toThrow('disk full');
  });
});
