import { pino } from 'pino';
import { afterEach, expect } from 'vitest';
import { openIpfs } from '../../../src/boot/open-ipfs.ts';
import { cidOf } from '../../../src/built-in-agents/cid.ts';
import { createContentStore } from '../../../src/db/content-store.ts';
import { createOutbox } from '../../../src/db/outbox.ts';
import { fetchLog } from '../../support/clients/room-log-clients.ts';
import type { TestDatabase } from '../../support/databases/test-database.ts';
import { type Rows, test } from '../../support/engine/fixtures.ts';
import { freePort } from '../../support/network/free-port.ts';
import { startService } from '../../support/processes/service-process.ts';
import { type KuboServer, startKubo } from '../../support/publish/kubo-server.ts';
import { startWorkflow } from '../../support/publish/start-workflow.ts';
import { startApp } from '../../support/server/test-app.ts';
import { waitFor } from '../../support/wait-for.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function kuboOn(options: Parameters<typeof startKubo>[0] = {}): Promise<KuboServer> {
  const kubo = await startKubo(options);
  closing.push(kubo.close);
  return kubo;
}

async function appWith(env: Record<string, string>) {
  const app = await startApp(env);
  closing.push(app.close);
  return app;
}

/** The CIDs of story, picture and page of a workflow that succeeded. */
async function cidsOf(rows: Rows, workflowId: string): Promise<string[]> {
  expect(await rows.ended(workflowId)).toMatchObject({ status: 'succeeded' });
  const { story, asset, code } = await rows.steps(workflowId);
  return [story.result?.['cid'], asset.result?.['imageCid'], code.result?.['cid']].map(String);
}

const waiting = async ({ client }: TestDatabase) =>
  (await client<{ key: string }[]>`select key from outbox`).map(({ key }) => key);
/** So that a test need not wait for the backoff. */
const hurry = ({ client }: TestDatabase) => client`update outbox set available_at = now() - interval '1 second'`;

test('story, picture and page are added to IPFS under their CIDs, and the room’s log says so', async ({
  database,
  rows,
}) => {
  const kubo = await kuboOn();
  const app = await appWith({ DATABASE_URL: database.url, IPFS_API_URL: `${kubo.url}/api/v0` });
  const { workflowId, roomId } = await startWorkflow(app.endpoint);
  const cids = await cidsOf(rows, workflowId);
  expect(new Set(kubo.pinned.keys())).toEqual(new Set(cids));
  const page = await fetch(`${app.url}/deployments/${cids[2]}/`);
  expect(Buffer.from(kubo.pinned.get(cids[2] ?? '') ?? []).toString()).toBe(await page.text());
  const lines = (await rows.lines(roomId)).filter(({ message }) => message === 'Added to IPFS');
  expect(lines.map(({ metadata }) => metadata?.['ipfsCid'])).toEqual(expect.arrayContaining(cids));
  expect(await waiting(database)).toEqual([]);
});

test('while the node is down workflows succeed, and what they made is added when it is back', async ({
  database,
  rows,
}) => {
  const port = await freePort();
  const app = await appWith({ DATABASE_URL: database.url, IPFS_API_URL: `http://ann:hunter2pass@127.0.0.1:${port}` });
  const { workflowId, roomId } = await startWorkflow(app.endpoint);
  const cids = await cidsOf(rows, workflowId);
  expect(new Set(await waiting(database))).toEqual(new Set(cids));
  const seen = await fetchLog(app.endpoint, roomId, {});
  expect(seen).toContain(
    `Stored; IPFS is not reachable at http://127.0.0.1:${port} (ECONNREFUSED): start the node, or correct ` +
      'IPFS_API_URL. It will be added later',
  );
  const kubo = await kuboOn({ port, credentials: 'ann:hunter2pass' });
  await hurry(database);
  await waitFor('the contents on IPFS', async () => (await waiting(database)).length === 0);
  expect(new Set(kubo.pinned.keys())).toEqual(new Set(cids));
  expect(app.log()).toContain('added to IPFS');
  expect(seen + app.log()).not.toContain('hunter2pass');
});

test('a node that gives another CID is a warning with both CIDs, and the workflow succeeds', async ({
  database,
  rows,
}) => {
  const kubo = await kuboOn();
  kubo.mood = 'gives another CID';
  const app = await appWith({ DATABASE_URL: database.url, IPFS_API_URL: kubo.url });
  const { workflowId, roomId } = await startWorkflow(app.endpoint);
  const [storyCid] = await cidsOf(rows, workflowId);
  const warning = (await rows.lines(roomId)).find(({ level }) => level === 'warn');
  expect(warning?.message).toBe(
    `IPFS gave another CID: ${kubo.added[0]} instead of ${storyCid}. The node did not follow the ` +
      'profile unixfs-v1-2025, so links with the expected CID do not work on IPFS',
  );
  expect(await waiting(database)).toEqual([]);
});

test('a node that hangs holds a step up for a few seconds only', async ({ database, rows }) => {
  const kubo = await kuboOn();
  kubo.mood = 'hangs';
  const app = await appWith({ DATABASE_URL: database.url, IPFS_API_URL: kubo.url });
  const { workflowId, roomId } = await startWorkflow(app.endpoint);
  await waitFor('the first step to continue', async () => (await rows.steps(workflowId)).story.status === 'succeeded');
  expect(await fetchLog(app.endpoint, roomId, {})).toContain(
    `Stored; IPFS at ${kubo.url} did not answer in time. It will be added later`,
  );
});

test('after kill -9 between storing and adding, the next start adds what was stored', async ({ database }) => {
  const kubo = await kuboOn();
  kubo.mood = 'hangs';
  const env = { DATABASE_URL: database.url, IPFS_API_URL: kubo.url };
  const first = await startService(env);
  await startWorkflow(first.graphqlUrl);
  await waitFor('a call of the node', () => kubo.calls > 0);
  const [stored = ''] = await waiting(database);
  await first.stop('SIGKILL');

  kubo.mood = 'works';
  await appWith(env);
  await waitFor('the content on IPFS', async () => !(await waiting(database)).includes(stored));
  expect(kubo.pinned.has(stored)).toBe(true);
}, 120_000);

test('two processes add what a dead one was to add, each content once', async ({ database }) => {
  const kubo = await kuboOn();
  const content = createContentStore(database.db);
  const outbox = createOutbox(database.db, 'ipfs');
  const texts = Array.from({ length: 30 }, (_, index) => `page ${index}`);
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    const cid = await cidOf(bytes);
    await content.put(cid, { contentType: 'text/plain', bytes });
    await outbox.add(cid);
  }
  await hurry(database);
  const log = pino({ level: 'silent' });
  for (let process = 1; process <= 2; process += 1) {
    const deliveries = await openIpfs(kubo.url, { outbox, content, log }).start();
    closing.push(deliveries.stop);
  }
  await waitFor('the contents on IPFS', async () => (await waiting(database)).length === 0);
  expect(kubo.added).toHaveLength(30);
  expect([...kubo.pinned.values()].map((bytes) => Buffer.from(bytes).toString()).toSorted()).toEqual(texts.toSorted());
});
