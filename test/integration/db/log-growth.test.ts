import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  blocksOf,
  fillDatabase,
  type Operation,
  plansOf,
  ROOMS_PER_PAGE,
  type Size,
} from '../../support/databases/large-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

/** A tenth of what `npm run bench:growth` measures, which shows times as well. */
const LARGE: Size = { rooms: 2_000, linesPerRoom: 200, longRoomLines: 100_000 };
const SMALL: Size = { rooms: 25, linesPerRoom: 20, longRoomLines: 1_000 };

let large: TestDatabase;
let small: TestDatabase;
let longRooms: { large: string; small: string };
beforeAll(async () => {
  [large, small] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  longRooms = { large: await fillDatabase(large.client, LARGE), small: await fillDatabase(small.client, SMALL) };
}, 180_000);
afterAll(() => Promise.all([large.drop(), small.drop()]));

const OPERATIONS: Operation[] = ['open a room', 'replay its last 1,000 lines', 'list rooms with their latest workflow'];

describe.each(OPERATIONS)('half a million log lines: %s', (operation) => {
  test(`the operation “${operation}” reads about as many pages among half a million lines as among a few`, async () => {
    const inLarge = await plansOf(large.client, longRooms.large, LARGE.longRoomLines, operation);
    const inSmall = await plansOf(small.client, longRooms.small, SMALL.longRoomLines, operation);
    expect(inLarge.length).toBe(inSmall.length);
    // Each look into an index that is a level or two deeper reads a page or two more; a table of one page has none.
    // PostgreSQL before 17 descends once for each id of a list, instead of once for all.
    const [server] = await large.client`select current_setting('server_version_num')::int as version`;
    const descents = server?.['version'] < 170_000 ? 2 * ROOMS_PER_PAGE : 0;
    expect(blocksOf(inLarge)).toBeLessThanOrEqual(3 * blocksOf(inSmall) + 3 * inLarge.length + descents);
  });

  test(`the operation “${operation}” uses an index for every table`, async () => {
    const nodes = (await plansOf(large.client, longRooms.large, LARGE.longRoomLines, operation)).flat();
    expect(nodes.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    expect(nodes.filter(({ type }) => /Index/.test(type)).length).toBeGreaterThan(0);
  });
});
