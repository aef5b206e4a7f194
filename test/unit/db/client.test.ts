import { describe, expect, test } from 'vitest';
import { connectDb } from '../../../src/db/client.ts';

describe('a database that was away', () => {
  test('is tried again every so often, however long it was away, so that it is found soon after it is back', async () => {
    // Nothing is connected before the first statement.
    const { client, close } = connectDb('postgres://127.0.0.1/none');
    const { backoff } = client.options;
    if (typeof backoff !== 'function') throw new Error('the driver is left to its own waits');
    expect([1, 10, 1_000].map(backoff)).toEqual([0.25, 0.25, 0.25]);
    await close();
  });
});
