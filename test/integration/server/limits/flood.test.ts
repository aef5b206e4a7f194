import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, dataOf, query, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { insertLines, insertRoom, insertWorkflow } from '../../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { type ServiceProcess, startService } from '../../../support/processes/service-process.ts';
import { ATTACK_NAMES, flood, type ResponseCounts } from '../../../support/server/flood.ts';
import { bearer, SECRET, tokenOf } from '../../../support/server/tokens.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** Rounds of all attacks at once. Set `FLOOD_ROUNDS=20` for a longer run that prints responses and measurements. */
const ROUNDS = Number(process.env['FLOOD_ROUNDS'] ?? 1);
/** One round far exceeds this, and would also exceed an address's limit if refused requests counted for it. */
const OPERATIONS = ROUNDS === 1 ? '300' : '1200';
/** How much the process may grow, in MiB; a round sends more than twice as much. */
const MORE_MIB = 400;

let database: TestDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({
    DATABASE_URL: database.url,
    AUTH_JWT_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_OPERATIONS_PER_MINUTE: OPERATIONS,
  });
});
afterAll(async () => {
  await service?.stop('SIGKILL');
  await database?.drop();
});

const memoryMiB = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', `${service.pid}`], { encoding: 'utf8' })) / 1024;

test(
  'while one viewer floods the service with all attacks, another viewer can work undisturbed',
  async () => {
    const roomId = await insertRoom(database.db, 'mallory');
    const workflowId = await insertWorkflow(database.db, { viewerId: 'mallory', roomId });
    await insertLines(database.db, { roomId, workflowId }, 2_000);
    const mallory = bearer(await tokenOf('mallory'));
    const ada = bearer(await tokenOf('ada'));
    const before = memoryMiB();

    const met = new Map<string, ResponseCounts>();
    let most = before;
    let over = false;
    const attack = (async () => {
      const url = new URL(service.graphqlUrl).origin;
      for (let n = 0; n < ROUNDS; n += 1) await flood({ url, roomId, ...mallory }, met);
      over = true;
    })();

    let asked = 0;
    let longestMs = 0;
    const ask = async () => {
      while (!over) {
        const begun = performance.now();
        dataOf(await query(service.graphqlUrl, '{ viewer { rooms { edges { node { status } } } } }', {}, ada));
        longestMs = Math.max(longestMs, performance.now() - begun);
        asked += 1;
        most = Math.max(most, memoryMiB());
        await sleep(100);
      }
    };
    const work = async () => {
      const start = 'mutation { startWorkflow(input: { userInput: "a calm lake" }) { workflow { id } room { id } } }';
      type Started = { startWorkflow: { workflow: { id: string }; room: { id: string } } };
      const { workflow, room } = dataOf(await query<Started>(service.graphqlUrl, start, {}, ada)).startWorkflow;
      const watched = `subscription { agentLogs(roomId: "${room.id}", workflowId: "${workflow.id}") { seq } }`;
      const lines = await collect(subscribeWs(service.graphqlUrl, watched, {}, { connectionParams: ada }));
      expect(lines.length).toBeGreaterThan(4);
    };
    await Promise.all([attack, ask(), work()]);
    await work();

    expect([...met.keys()].toSorted()).toEqual(ATTACK_NAMES.toSorted());
    const answers = [...met.values()].flatMap((one) => [...one.keys()]);
    expect(answers.filter((answer) => /^5|compression|closed 4500/.test(answer))).toEqual([]);
    expect(service.output()).not.toMatch(
      /unexpected error|handling a WebSocket message failed|[Uu]nhandled|"level":(50|60)/,
    );
    await waitFor('memory to be released', () => memoryMiB() - before < MORE_MIB);
    if (ROUNDS > 1) console.log([before, most, memoryMiB(), asked, longestMs].map(Math.round), met);
  },
  60_000 + ROUNDS * 30_000,
);
