import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { LogEmitterService } from '../../../src/index.ts';
import { emitAll, listenToRooms, numbered, openEmitter as open } from '../../support/library/log-emitters.ts';

describe('a log line', () => {
  test('a line is published on its room’s channel as JSON in the documented format', async () => {
    const listener = await listenToRooms(inject('redisUrl'), 'format');
    await open(inject('redisUrl')).emitLog('format', 'deploy', 'success', 'Deployed\n"so"', { n: 1, deep: { a: [] } });
    await open(inject('redisUrl')).emitLog('format', 'orchestrator', 'warn', 'bare \u0007');
    await listener.messages('format', 2);
    const [full, bare] = listener.received('format').sort((a) => (a.metadata === null ? 1 : -1));
    expect(full).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      agentType: 'deploy',
      level: 'success',
      message: 'Deployed\n"so"',
      metadata: { n: 1, deep: { a: [] } },
    });
    expect(bare).toMatchObject({ message: 'bare \u0007', metadata: null });
  });

  test('a line is published whatever its metadata is', async () => {
    const listener = await listenToRooms(inject('redisUrl'), 'odd');
    const emitter = open(inject('redisUrl'));
    const cycle: Record<string, unknown> = { name: 'ouroboros' };
    cycle['self'] = cycle;
    const broken = {
      get value() {
        throw new Error('no');
      },
    };
    const odd = [{ big: 12n }, { error: new TypeError('lost') }, cycle, broken, [1], 'text', Symbol('s'), () => 1];
    for (const metadata of odd) await emitter.emitLog('odd', 'code', 'error', 'odd', metadata);
    await emitter.emitLog('odd', 'code', 'info', { not: 'a string' } as unknown as string);
    await listener.messages('odd', odd.length + 1);
    const [big, error, ...others] = listener.received('odd').map(({ metadata }) => metadata);
    expect(big).toEqual({ big: '12' });
    expect(error).toEqual({ error: { name: 'TypeError', message: 'lost' } });
    expect(JSON.stringify(others[0])).toContain('ouroboros');
    expect(emitter.droppedLines).toBe(0);
  });

  test('lines go to REDIS_URL unless another URL is given, and an empty URL counts as unset', async () => {
    vi.stubEnv('REDIS_URL', inject('redisUrl'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const listener = await listenToRooms(inject('redisUrl'), 'default');
    await open('').emitLog('default', 'story', 'info', 'here');
    expect(await listener.messages('default', 1)).toEqual(['here']);
    expect(() => new LogEmitterService('http://user:secret@host')).toThrow(/^redisUrl: must be a URL like redis:/);
  });
});

describe('many log lines', () => {
  test('all lines of several rooms arrive in the order in which they were emitted', async () => {
    const rooms = ['a', 'b', 'c'];
    const listener = await listenToRooms(inject('redisUrl'), ...rooms);
    const emitter = open(inject('redisUrl'));
    const messages = numbered(0, 3_000);
    await Promise.all(rooms.map((room) => emitAll(emitter, room, messages)));
    for (const room of rooms) expect(await listener.messages(room, messages.length)).toEqual(messages);
  });

  test('12,000 lines emitted one after the other are all published', async () => {
    const listener = await listenToRooms(inject('redisUrl'), 'long');
    const emitter = open(inject('redisUrl'));
    const messages = numbered(0, 12_000);
    for (const message of messages) await emitter.emitLog('long', 'story', 'info', message);
    expect(await listener.messages('long', messages.length)).toEqual(messages);
  });

  test('all lines are published when close() settles; later ones are dropped and counted', async () => {
    const listener = await listenToRooms(inject('redisUrl'), 'last');
    const emitter = open(inject('redisUrl'));
    const emitted = emitAll(emitter, 'last', numbered(0, 500));
    await emitter.close();
    await emitter.emitLog('last', 'story', 'info', 'too late');
    await emitted;
    expect(await listener.messages('last', 500)).toEqual(numbered(0, 500));
    expect(emitter.droppedLines).toBe(1);
  });
});
