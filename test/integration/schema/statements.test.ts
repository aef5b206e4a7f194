import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { contextOf, countStatements, dataOf } from '../../support/graphql/execute.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  for (let n = 0; n < 12; n += 1) {
    const roomId = await insertRoom(database.db, 'alice');
    const retryOfId = await insertWorkflow(database.db, { viewerId: 'alice', roomId });
    const workflowId = await insertWorkflow(database.db, { viewerId: 'alice', roomId }, { retryOfId });
    await insertLines(database.db, { roomId, workflowId }, 3);
  }
});
afterAll(() => database.drop());

async function statementsOf(text: string): Promise<string[]> {
  const { db, statements } = countStatements(database);
  await dataOf(contextOf(db, 'alice'), text);
  return statements;
}

const EVERYTHING = `
  id latestWorkflow { id }
  logs(first: 2) { edges { node { seq } } }
  workflows {
    edges {
      node {
        id completedAgents failedAgents room { id }
        steps { agent attempts { number } result }
        deployment { codeCid } reward { amount } retryOf { id deployment { codeCid } }
      }
    }
  }`;

const everything = (rooms: number) => `{ viewer { rooms(first: ${rooms}) { edges { node { ${EVERYTHING} } } } } }`;

describe('the statements of a query', () => {
  test('a query takes as many statements for ten rooms as for one', async () => {
    const one = await statementsOf(everything(1));
    expect((await statementsOf(everything(10))).length).toBe(one.length);
    // One per field that needs rows. The three fields that depend on the steps share one.
    expect(one.length).toBe(12);
  });

  test('aliases of the same field share one statement', async () => {
    const ids = (await database.db.query.rooms.findMany({ limit: 5 })).map(({ id }) => id);
    expect(await statementsOf(`{ ${ids.map((id, n) => `r${n}: room(id: "${id}") { id }`).join(' ')} }`)).toHaveLength(
      1,
    );
  });

  test('results are read only if they are selected, in one statement', async () => {
    const steps = (fields: string) =>
      `{ viewer { rooms(first: 2) { edges { node { latestWorkflow { id steps { agent status error ${fields} } } } } } } }`;
    const without = await statementsOf(steps(''));
    expect(without.filter((statement) => statement.includes('"result"'))).toEqual([]);
    const reading = (await statementsOf(steps('result'))).filter((statement) => statement.includes('"result"'));
    expect(reading).toHaveLength(1);
  });
});
