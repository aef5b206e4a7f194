import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { createFolderOutbox } from '../../../src/contents/folder-outbox.ts';
import { createOutbox } from '../../../src/db/outbox.ts';
import type { Outbox } from '../../../src/orchestrator/ports/outbox.ts';
import { createTestDatabase } from '../../support/databases/test-database.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';

type OpenOutbox = {
  outbox: Outbox;
  /** As if the process that took the deliveries had died a while ago. */
  abandon(): Promise<unknown>;
  close(): Promise<unknown>;
};

async function inPostgres(): Promise<OpenOutbox> {
  const { db, client, drop } = await createTestDatabase();
  return {
    outbox: createOutbox(db, 'test'),
    abandon: () => client`update outbox set available_at = now() - interval '1 second'`,
    close: drop,
  };
}

async function inFolder(): Promise<OpenOutbox> {
  const folder = await makeTemporaryFolder();
  return {
    outbox: createFolderOutbox(folder),
    async abandon() {
      for (const key of await readdir(folder)) {
        const path = join(folder, key);
        await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), availableAt: 0 }));
      }
    },
    close: () => rm(folder, { recursive: true }),
  };
}

describe.each([
  ['PostgreSQL', inPostgres],
  ['a folder', inFolder],
])('an outbox in %s', (_where, open) => {
  const test = base.extend<{ opened: OpenOutbox }>({
    opened: async ({}, use) => {
      const opened = await open();
      await use(opened);
      await opened.close();
    },
  });

  test('a delivery that is taken is not due, and is due again when its process has died', async ({
    opened: { outbox, abandon },
  }) => {
    await outbox.add('a');
    expect(await outbox.take(1)).toEqual([]);
    await abandon();
    expect(await outbox.take(1)).toEqual([{ key: 'a', attempt: 2 }]);
    expect(await outbox.take(1)).toEqual([]);
  });

  test('at most as many deliveries as asked for are taken, and the others later', async ({
    opened: { outbox, abandon },
  }) => {
    for (const key of ['a', 'b', 'c']) await outbox.add(key);
    await abandon();
    const taken = [await outbox.take(2), await outbox.take(2)];
    expect(taken.map(({ length }) => length)).toEqual([2, 1]);
    expect(new Set(taken.flat().map(({ key }) => key))).toEqual(new Set(['a', 'b', 'c']));
  });

  test('a process that was replaced does not postpone what the other one has taken', async ({
    opened: { outbox, abandon },
  }) => {
    const first = await outbox.add('a');
    await abandon();
    await outbox.take(1);
    await outbox.postpone(first, 'late', 0);
    expect(await outbox.take(1)).toEqual([]);
  });

  test('a delivery that is postponed is due after the wait', async ({ opened: { outbox } }) => {
    const delivery = await outbox.add('a');
    await outbox.postpone(delivery, 'down', 60_000);
    expect(await outbox.take(1)).toEqual([]);
    await outbox.postpone(delivery, 'down', 0);
    expect(await outbox.take(1)).toEqual([{ key: 'a', attempt: 2 }]);
  });

  test('a delivery without a further attempt is due once it is revived, and counts from 1', async ({
    opened: { outbox },
  }) => {
    await outbox.postpone(await outbox.add('a'), 'down', null);
    expect(await outbox.take(1)).toEqual([]);
    expect(await outbox.revive()).toBe(1);
    expect(await outbox.take(1)).toEqual([{ key: 'a', attempt: 1 }]);
  });

  test('a delivery that was made is gone', async ({ opened: { outbox, abandon } }) => {
    const delivery = await outbox.add('a');
    await outbox.complete(delivery);
    await outbox.postpone(delivery, 'late', 0);
    await abandon();
    expect(await outbox.take(1)).toEqual([]);
    expect(await outbox.revive()).toBe(0);
  });

  test('a delivery that is added again begins anew', async ({ opened: { outbox, abandon } }) => {
    await outbox.postpone(await outbox.add('a'), 'down', null);
    expect(await outbox.add('a')).toEqual({ key: 'a', attempt: 1 });
    await abandon();
    expect(await outbox.take(1)).toEqual([{ key: 'a', attempt: 2 }]);
  });
});

describe('an outbox in PostgreSQL', () => {
  base('two processes that take at once get different deliveries, and together all of them', async () => {
    const { outbox, abandon, close } = await inPostgres();
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    await Promise.all(keys.map((key) => outbox.add(key)));
    await abandon();
    const taken = (await Promise.all([outbox.take(15), outbox.take(15)])).flat();
    const others = await outbox.take(15);
    expect([...taken, ...others].map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    await close();
  });
});
