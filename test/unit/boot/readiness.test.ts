import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createReadiness } from '../../../src/boot/readiness.ts';

function recorder() {
  const messages: string[] = [];
  const write = (_fields: unknown, message?: string) => void messages.push(message ?? '');
  return { messages, log: { info: write, warn: write } };
}

describe('readiness', () => {
  test('a process whose parts all work is ready', async () => {
    const { log, messages } = recorder();
    const ready = createReadiness({ database: async () => null, worker: async () => null }, log);
    expect(await ready()).toEqual({ ok: true });
    expect(messages).toEqual([]);
  });

  test('each part that does not work is reported with its reason', async () => {
    const { log } = recorder();
    const ready = createReadiness(
      { database: async () => null, redis: async () => 'read-only', worker: () => Promise.reject(new Error('secret')) },
      log,
    );
    expect(await ready()).toEqual({ ok: false, details: { reasons: { redis: 'read-only', worker: 'unavailable' } } });
  });

  test('a part that does not answer is reported as such', async () => {
    const { log } = recorder();
    const ready = createReadiness({ database: () => sleep(60_000, null, { ref: false }) }, log);
    expect(await ready()).toEqual({ ok: false, details: { reasons: { database: 'no answer within 2 s' } } });
  });

  test('a change is logged once, however often readiness is requested', async () => {
    const { log, messages } = recorder();
    let reason: string | null = null;
    const ready = createReadiness({ redis: async () => reason }, log);
    await ready();
    reason = 'read-only';
    await ready();
    await ready();
    reason = 'the disk is full';
    await ready();
    await ready();
    reason = null;
    await ready();
    await ready();
    expect(messages).toEqual([
      'this process is not ready: redis: read-only',
      'this process is not ready: redis: the disk is full',
      'redis is ready again',
    ]);
  });

  test('a part that becomes ready for the first time is not called ready again', async () => {
    const { log, messages } = recorder();
    let reason: string | null = 'it is starting';
    const ready = createReadiness({ worker: async () => reason }, log);
    await ready();
    reason = null;
    await ready();
    expect(messages).toEqual(['this process is not ready: worker: it is starting', 'worker is ready']);
  });
});
