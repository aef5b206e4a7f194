import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, collect, dataOf, query, subscribeSse, subscribeWs } from '../../support/clients/graphql-clients.ts';
import { get, post, upgrade } from '../../support/clients/raw-http.ts';
import { insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { bearer, nowS, SECRET, sign, tokenOf } from '../../support/server/tokens.ts';

let database: TestDatabase;
let app: TestApp;
let ada: { authorization: string };
let bob: { authorization: string };
const shown = { roomId: '', workflowId: '' };
const hidden = { roomId: '', workflowId: '' };
let token = '';

const CREATE =
  'mutation ($roomId: ID!, $ttl: Int) { createRoomToken(roomId: $roomId, ttl: $ttl) { token roomId expiresAt } }';
type Created = { createRoomToken: { token: string; roomId: string; expiresAt: string } };
const create = (variables: object, headers = ada) => query<Created>(app.endpoint, CREATE, { ...variables }, headers);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET });
  ada = bearer(await tokenOf('ada'));
  bob = bearer(await tokenOf('bob'));
  for (const ids of [shown, hidden]) {
    ids.roomId = await insertRoom(database.db, 'ada');
    ids.workflowId = await insertWorkflow(database.db, { viewerId: 'ada', roomId: ids.roomId });
    await insertLines(database.db, ids, 3);
  }
  token = dataOf(await create({ roomId: shown.roomId })).createRoomToken.token;
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const asRoom = () => bearer(token);
const LOGS = 'subscription ($roomId: ID!) { agentLogs(roomId: $roomId) { seq } }';
const inUrl = (document: string, urlToken: string) =>
  `${app.endpoint}?query=${encodeURIComponent(document)}&token=${urlToken}`;

describe('createRoomToken', () => {
  test('createRoomToken returns the room and an expiry one hour from now by default', async () => {
    const { expiresAt, roomId } = dataOf(await create({ roomId: shown.roomId })).createRoomToken;
    expect(roomId).toBe(shown.roomId);
    const lastsS = (Date.parse(expiresAt) - Date.now()) / 1_000;
    expect(lastsS).toBeGreaterThan(3_500);
    expect(lastsS).toBeLessThanOrEqual(3_600);
  });

  test.each([0, -1, 86_401])('createRoomToken refuses a ttl of %i and names the field', async (ttl) => {
    const { errors } = await create({ roomId: shown.roomId, ttl });
    expect(errors?.[0]?.extensions).toEqual({ code: 'INVALID_INPUT', field: 'ttl' });
  });

  test("createRoomToken refuses another viewer's room and an unknown one alike", async () => {
    const answers = [await create({ roomId: shown.roomId }, bob), await create({ roomId: 'x' })];
    for (const { errors } of answers) {
      expect(errors?.[0]).toMatchObject({ message: 'Room not found.', extensions: { code: 'ROOM_NOT_FOUND' } });
    }
  });
});

describe('what a room token can read', () => {
  const ALL = `{
    room(id: "$room") { id workflows { edges { node { id room { id } steps { agent result } reward { amount } } } } logs { edges { node { seq } } } }
    workflow(id: "$workflow") { id }
  }`;
  const ask = (ids: typeof shown) => ALL.replace('$room', ids.roomId).replace('$workflow', ids.workflowId);

  test('a room token reads its room, while the viewer’s other rooms count as not found', async () => {
    const data = dataOf(await query<{ room: { id: string } }>(app.endpoint, ask(shown), {}, asRoom()));
    expect(data).toMatchObject({ room: { id: shown.roomId }, workflow: { id: shown.workflowId } });
    expect(dataOf(await query(app.endpoint, ask(hidden), {}, asRoom()))).toEqual({ room: null, workflow: null });
  });

  test('a room token in the URL of a GET request works, as EventSource sends it', async () => {
    const document = `subscription { agentLogs(roomId: "${shown.roomId}", workflowId: "${shown.workflowId}") { seq } }`;
    const answer = await get(inUrl(document, token), { accept: 'text/event-stream' });
    expect(answer.status).toBe(200);
    expect(answer.body.toString().match(/"seq":/g)).not.toBeNull();
  });

  test('a room token reads the log of its room over HTTP, and of no other room', async () => {
    const log = (roomId: string, path: string) => get(`${app.url}/rooms/${roomId}/${path}?token=${token}`);
    const lines = await log(shown.roomId, 'logs.ndjson');
    expect(lines.body.toString().trim().split('\n')).toHaveLength(3);
    expect((await log(hidden.roomId, 'logs.ndjson')).status).toBe(404);
    expect((await log(hidden.roomId, 'logs')).status).toBe(404);
    expect((await get(`${app.url}/rooms/${shown.roomId}/logs?token=${await tokenOf('ada')}`)).status).toBe(401);
  });

  test('a room token works over WebSocket', async () => {
    const connectionParams = asRoom();
    const lines = collect(subscribeWs(app.endpoint, LOGS, shown, { connectionParams }), 3);
    expect(await lines).toHaveLength(3);
  });

  test.each([
    ['agentLogs', () => `agentLogs(roomId: "${hidden.roomId}") { seq }`, 'ROOM_NOT_FOUND'],
    ['deploymentCompleted', () => `deploymentCompleted(roomId: "${hidden.roomId}") { roomId }`, 'ROOM_NOT_FOUND'],
    [
      'stepOutput',
      () => `stepOutput(workflowId: "${hidden.workflowId}", step: "story") { text }`,
      'WORKFLOW_NOT_FOUND',
    ],
    ['workflowUpdated', () => `workflowUpdated(workflowId: "${hidden.workflowId}") { id }`, 'WORKFLOW_NOT_FOUND'],
  ])('a room token cannot subscribe to %s of another room', async (_name, selection, code) => {
    const [answer] = await collect(subscribeSse(app.endpoint, `subscription { ${selection()} }`, {}, asRoom()));
    expect(codeOf(answer ?? {})).toBe(code);
  });
});

describe('what a room token cannot do', () => {
  test.each([
    ['mutation', () => 'createRoom { id }'],
    ['mutation', () => 'startWorkflow(input: { userInput: "x" }) { replayed }'],
    ['mutation', () => `startWorkflow(input: { roomId: "${shown.roomId}", userInput: "x" }) { replayed }`],
    ['mutation', () => `retryWorkflow(id: "${shown.workflowId}", from: STORY) { replayed }`],
    ['mutation', () => `cancelWorkflow(id: "${shown.workflowId}") { id }`],
    ['mutation', () => `createRoomToken(roomId: "${shown.roomId}") { token }`],
    ['query', () => 'viewer { id }'],
    ['query', () => 'viewer { rooms { edges { node { id } } } }'],
  ])('the %s %s is refused with a room token', async (kind, selection) => {
    const answer = await query(app.endpoint, `${kind} { ${selection()} }`, {}, asRoom());
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.data ?? null).toBeNull();
  });
});

describe('tokens in a URL', () => {
  const document = '{ __typename }';

  test('a viewer token in a URL is refused', async () => {
    const answer = await get(inUrl(document, await tokenOf('ada')));
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).toMatch(/Only a room token/);
  });

  test('a room token in a URL counts for GET only, not for POST or WebSocket', async () => {
    expect((await get(inUrl(document, token))).status).toBe(200);
    expect((await post(`${app.endpoint}?token=${token}`, JSON.stringify({ query: document }))).status).toBe(401);
    expect((await upgrade(`${app.endpoint}?token=${token}`)).status).toBe(101);
    const socket = collect(subscribeWs(`${app.endpoint}?token=${token}`, document));
    await expect(socket).rejects.toMatchObject({ code: 4403 });
  });
});

describe('forged room tokens', () => {
  test.each([
    ['signed with the secret of viewer tokens', async () => sign({ sub: 'ada', room: shown.roomId, exp: nowS() + 60 })],
    ['changed to another room', async () => swapPayload(token, shown.roomId, hidden.roomId)],
    ['with a changed signature', async () => `${token.slice(0, -4)}AAAA`],
  ])('a room token %s is rejected', async (_how, forge) => {
    const answer = await get(inUrl('{ __typename }', await forge()));
    expect(answer.status).toBe(401);
  });

  test('a room token of another service is rejected', async () => {
    const elsewhere = await createTestDatabase();
    const other = await startApp({ DATABASE_URL: elsewhere.url, AUTH_JWT_SECRET: SECRET });
    const answer = await get(`${other.endpoint}?query={__typename}&token=${token}`);
    await other.close();
    await elsewhere.drop();
    expect(answer.status).toBe(401);
  });
});

test('a room token is restricted to its room even if the service does not require tokens', async () => {
  const own = await createTestDatabase();
  const local = await startApp({ DATABASE_URL: own.url });
  const roomId = dataOf(await query<{ createRoom: { id: string } }>(local.endpoint, 'mutation { createRoom { id } }'))
    .createRoom.id;
  const made = dataOf(await query<Created>(local.endpoint, CREATE, { roomId })).createRoomToken.token;
  const document = encodeURIComponent(`{ room(id: "${roomId}") { id } viewer { id } }`);
  const answer = await get(`${local.endpoint}?query=${document}&token=${made}`);
  expect(JSON.parse(answer.body.toString()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  expect((await get(`${local.endpoint}?query={viewer{id}}&token=x`)).status).toBe(401);
  await local.close();
  await own.drop();
});

function swapPayload(jwt: string, from: string, to: string): string {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  const text = Buffer.from(payload, 'base64url').toString().replace(from, to);
  return [head, Buffer.from(text).toString('base64url'), signature].join('.');
}
