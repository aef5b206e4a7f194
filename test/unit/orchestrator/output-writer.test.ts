import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { OutputPiece } from '../../../src/orchestrator/domain/step-output.ts';
import { createOutputWriter } from '../../../src/orchestrator/output-writer.ts';

type Save = (pieces: readonly OutputPiece[], isLast: boolean) => Promise<boolean>;

function writerOver(save: Save) {
  const controller = new AbortController();
  const saved: OutputPiece[] = [];
  const warnings: string[] = [];
  let lost = 0;
  const writer = createOutputWriter({
    save,
    onSaved: (pieces) => saved.push(...pieces),
    onLeaseLost: () => {
      lost += 1;
    },
    warn: (message) => warnings.push(message),
    signal: controller.signal,
  });
  return { ...writer, saved, warnings, lost: () => lost, abort: () => controller.abort() };
}

const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an attempt’s output', () => {
  test('text that was read together is saved at once, and what arrives during a save is saved with the next', async () => {
    const gate = Promise.withResolvers<boolean>();
    const saves: (readonly [readonly OutputPiece[], boolean])[] = [];
    const writer = writerOver((pieces, isLast) => {
      saves.push([pieces, isLast]);
      return saves.length === 1 ? gate.promise : Promise.resolve(true);
    });
    writer.add('story', 'A ');
    writer.add('story', 'lamp');
    writer.add('notes', 'x');
    await nextTick();
    writer.add('story', ' went');
    const ended = writer.end();
    expect(writer.saved).toEqual([]);
    gate.resolve(true);
    await ended;
    expect(saves).toEqual([
      [
        [
          { channel: 'story', offset: 0, text: 'A lamp' },
          { channel: 'notes', offset: 0, text: 'x' },
        ],
        false,
      ],
      [[{ channel: 'story', offset: 6, text: ' went' }], true],
    ]);
    expect(writer.saved).toHaveLength(3);
  });

  test('a long text is saved less often than a short one, and the end of the attempt does not wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const savesIn = async (firstLength: number) => {
      let saves = 0;
      const writer = writerOver(async () => {
        saves += 1;
        return true;
      });
      writer.add('story', 'x'.repeat(firstLength));
      await nextTick();
      for (let ms = 0; ms < 3_000; ms += 10) {
        writer.add('story', 'y');
        await nextTick();
        await vi.advanceTimersByTimeAsync(10);
      }
      const before = saves;
      writer.add('story', 'the end');
      await writer.end();
      expect(saves).toBe(before + 1);
      return before;
    };
    const short = await savesIn(1);
    expect(short).toBeGreaterThan(20);
    expect(short).toBeLessThanOrEqual(31);
    expect(await savesIn(160_000)).toBeLessThanOrEqual(4);
  });

  test('a worker that lost its lease saves nothing more', async () => {
    let saves = 0;
    const writer = writerOver(async () => {
      saves += 1;
      return false;
    });
    writer.add('story', 'A lamp');
    await writer.end();
    writer.add('story', ' went out');
    await writer.end();
    expect([saves, writer.lost(), writer.saved]).toEqual([1, 1, []]);
  });

  test('text that cannot be saved does not fail the attempt: the room’s log says so, once', async () => {
    const writer = writerOver(() => Promise.reject(new Error('no such table')));
    writer.add('story', 'A lamp');
    await writer.end();
    writer.add('story', ' went out');
    await writer.end();
    expect(writer.warnings).toEqual([
      'The text of this step is no longer shown while it is written: Error: no such table',
    ]);
  });

  test('an aborted attempt waits for nothing', async () => {
    const writer = writerOver(() => Promise.reject(new Error('aborted')));
    writer.add('story', 'A lamp');
    writer.abort();
    await writer.end();
    await nextTick();
    expect(writer.warnings).toEqual([]);
  });
});
