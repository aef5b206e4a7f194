import { describe, expect, test } from 'vitest';
import { createDisposal } from '../../../src/boot/disposal.ts';

describe('disposal', () => {
  test('values are disposed of once, in reverse order, each after the one before has ended', async () => {
    const events: string[] = [];
    const disposal = createDisposal(() => expect.unreachable());
    disposal.adopt('database', async (name) => {
      events.push(name);
    });
    disposal.defer(async () => {
      events.push('server closing');
      await Promise.resolve();
      events.push('server closed');
    });
    await disposal.disposeAsync();
    await disposal.disposeAsync();
    expect(events).toEqual(['server closing', 'server closed', 'database']);
  });

  test('an error while disposing is reported and does not keep the rest from being disposed of', async () => {
    const errors: unknown[] = [];
    let disposed = false;
    const disposal = createDisposal((error) => errors.push(error));
    disposal.defer(() => {
      disposed = true;
    });
    disposal.defer(async () => {
      throw new Error('stuck');
    });
    await disposal.disposeAsync();
    expect({ errors, disposed }).toEqual({ errors: [new Error('stuck')], disposed: true });
  });
});
