import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { emitAll, listenToRooms, numbered, openEmitter } from '../../support/library/log-emitters.ts';
import { startTcpProxy } from '../../support/network/tcp-proxy.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';

/** An emitter whose connection to Redis can be cut, and a listener whose connection cannot. */
async function openByProxy(room: string) {
  const proxy = await startTcpProxy(Number(new URL(inject('redisUrl')).port));
  onTestFinished(() => proxy.close());
  const listener = await listenToRooms(inject('redisUrl'), room);
  return { proxy, listener, emitter: openEmitter(`redis://127.0.0.1:${proxy.port}`) };
}

describe('LogEmitterService while Redis is unavailable', () => {
  test('lines emitted while Redis is unavailable are kept, and arrive in order when it is back', async () => {
    const { proxy, listener, emitter } = await openByProxy('outage-cut-off');
    await emitAll(emitter, 'outage-cut-off', numbered(0, 10));
    await listener.messages('outage-cut-off', 10);
    proxy.cut();
    await emitAll(emitter, 'outage-cut-off', numbered(10, 1_000));
    proxy.restore();
    await emitAll(emitter, 'outage-cut-off', numbered(1_000, 1_100));
    await listener.messages('outage-cut-off', 1_100);
    expect(new Set(listener.received('outage-cut-off').map(({ message }) => message))).toEqual(
      new Set(numbered(0, 1_100)),
    );
    expect(emitter.droppedLines).toBe(0);
  });

  test('emitLog settles while Redis is unavailable even if a user’s tests replaced the timers', async () => {
    const { proxy, emitter } = await openByProxy('outage-fake');
    proxy.cut();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await emitAll(emitter, 'outage-fake', numbered(0, 3));
    vi.useRealTimers();
    proxy.restore();
  });

  test('lines emitted before the first connection are kept, too', async () => {
    const { proxy, listener, emitter } = await openByProxy('outage-early');
    proxy.cut();
    await emitAll(emitter, 'outage-early', numbered(0, 300));
    proxy.restore();
    expect(await listener.messages('outage-early', 300)).toEqual(numbered(0, 300));
  });

  test('lines in flight when the connection breaks are sent again; none is lost or overtaken', async () => {
    const { proxy, listener, emitter } = await openByProxy('outage-cut');
    const lines = numbered(0, 2_000);
    for (let sent = 0; sent < lines.length; sent += 100) {
      const emitted = emitAll(emitter, 'outage-cut', lines.slice(sent, sent + 100));
      if (sent % 500 === 200) proxy.cut();
      await emitted;
      proxy.restore();
    }
    await emitter.close();
    const last = lines.at(-1);
    const heard = await listener.messages('outage-cut', lines.length);
    expect(heard.at(-1)).toBe(last);
    // Without duplicates, the order is that of emitting.
    expect([...new Set(heard)]).toEqual(lines);
  });

  test('in a long outage the oldest lines are dropped, and counted', async () => {
    const { proxy, listener, emitter } = await openByProxy('outage-long');
    proxy.cut();
    await emitAll(emitter, 'outage-long', numbered(0, 10_500));
    expect(emitter.droppedLines).toBe(500);
    proxy.restore();
    expect(await listener.messages('outage-long', 10_000)).toEqual(numbered(500, 10_500));
  });
});

describe('LogEmitterService while Redis hangs', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis({ own: true });
  });
  afterAll(() => redis.stop());

  async function whileHanging(work: () => Promise<void>): Promise<void> {
    const pid = redis.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  test('a Redis that hangs delays no caller, and receives every line once when it continues', async () => {
    const listener = await listenToRooms(redis.url, 'room');
    const emitter = openEmitter(redis.url);
    await emitAll(emitter, 'room', numbered(0, 1));
    await listener.messages('room', 1);
    await whileHanging(() => emitAll(emitter, 'room', numbered(1, 1_000)));
    expect(await listener.messages('room', 1_000)).toEqual(numbered(0, 1_000));
  });

  test('a Redis that hangs does not delay close()', async () => {
    const listener = await listenToRooms(redis.url, 'closing');
    const emitter = openEmitter(redis.url);
    await emitAll(emitter, 'closing', numbered(0, 1));
    await listener.messages('closing', 1);
    await whileHanging(async () => {
      await emitAll(emitter, 'closing', numbered(0, 300));
      await emitter.close();
    });
    expect(emitter.droppedLines).toBe(300);
  });
});
