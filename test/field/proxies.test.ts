import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscribeSse, subscribeWs } from '../support/clients/graphql-clients.ts';
import { upgrade } from '../support/clients/raw-http.ts';
import { eventsOf, ndjsonFrom, type SentLine } from '../support/clients/room-log-clients.ts';
import { createTestDatabase, type TestDatabase } from '../support/databases/test-database.ts';
import { freePort } from '../support/network/free-port.ts';
import { startHaproxy, startNginx } from '../support/network/http-proxies.ts';
import { numbered, type RoomLogServer, startRoomLogServer } from '../support/server/room-log-server.ts';
import { within } from '../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const WATCH = 'subscription ($roomId: ID!) { agentLogs(roomId: $roomId) { message } }';
type Watch = (url: string, roomId: string) => AsyncGenerator<string>;

/** Each way to follow a room's log: the messages as they arrive. */
const streams: Record<string, Watch> = {
  async *'a GraphQL subscription over SSE'(url, roomId) {
    for await (const { data } of subscribeSse<{ agentLogs: SentLine }>(`${url}/graphql`, WATCH, { roomId })) {
      if (data) yield data.agentLogs.message;
    }
  },
  async *"a room's event stream"(url, roomId) {
    // A browser's EventSource accepts compressed responses.
    const response = await fetch(`${url}/rooms/${roomId}/logs`, { headers: { 'Accept-Encoding': 'gzip' } });
    for await (const { data } of eventsOf(response)) yield (JSON.parse(data) as SentLine).message;
  },
};

const overWebSocket: Watch = async function* (url, roomId) {
  for await (const { data } of subscribeWs<{ agentLogs: SentLine }>(`${url}/graphql`, WATCH, { roomId })) {
    if (data) yield data.agentLogs.message;
  }
};

/** Writes each line only when the one before has arrived: a proxy that holds anything back makes this fail. */
async function expectEachLineAtOnce(server: RoomLogServer, url: string, watch: Watch): Promise<void> {
  const room = await server.newRoom();
  const messages = watch(url, room.roomId);
  for (const message of numbered(1, 5)) {
    const next = messages.next();
    await server.write(room, [message]);
    expect((await within(5_000, message, next)).value).toBe(message);
  }
  await messages.return(undefined);
}

const proxyPass = (server: RoomLogServer) => `location / { proxy_pass http://127.0.0.1:${server.port}; }`;
/** What nginx needs for WebSockets. */
const UPGRADE = [
  'proxy_http_version 1.1;',
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header Connection "upgrade";',
];

const proxies: Record<string, (server: RoomLogServer) => Promise<string>> = {
  'nginx with nothing but proxy_pass': (server) => startNginx(proxyPass(server)),
  'nginx that compresses every type': (server) =>
    startNginx(proxyPass(server), { http: 'gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;' }),
  HAProxy: (server) => startHaproxy(server.port),
  'HAProxy that compresses every type': (server) => startHaproxy(server.port, 'compression algo gzip'),
};

describe.each(Object.entries(proxies))('%s', (name, start) => {
  test.each(Object.entries(streams))(`%s gets each event at once through ${name}`, async (_what, watch) => {
    const server = await startRoomLogServer(database);
    await expectEachLineAtOnce(server, await start(server), watch);
  });

  test(`a log is downloaded whole through ${name}`, async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, numbered(1, 2_000));
    const lines = await ndjsonFrom(`${await start(server)}/rooms/${room.roomId}/logs.ndjson`);
    expect(lines.map(({ message }) => message)).toEqual(numbered(1, 2_000));
  });
});

test('a download that the service has to cut off is not taken for the whole log behind nginx', async () => {
  const server = await startRoomLogServer(database, { closeGraceMs: 200 });
  const room = await server.newRoom();
  for (let n = 0; n < 10; n += 1) {
    await server.write(room, numbered(1, 50), { metadata: { text: 'x'.repeat(60_000) } });
  }
  const url = await startNginx(proxyPass(server));
  const response = await fetch(`${url}/rooms/${room.roomId}/logs.ndjson`);
  // Nothing is read of it, so the service still has most of it when it ends.
  await server.close();
  await expect(response.text()).rejects.toThrow('terminated');
});

describe('a path before the service', () => {
  const QUERY = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"query":"{ __typename }"}' };

  test.each([
    ['removes', '/'],
    ['keeps', ''],
  ])('the service works under the path of PUBLIC_URL behind an nginx that %s it', async (_what, slash) => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}/haunted`;
    const server = await startRoomLogServer(database, { publicUrl });
    await startNginx(
      `location /haunted/ { proxy_pass http://127.0.0.1:${server.port}${slash}; ${UPGRADE.join(' ')} }`,
      { port },
    );
    expect(server.url).toBe(publicUrl);
    await expectEachLineAtOnce(server, publicUrl, overWebSocket);
    // A page that the proxy serves.
    const origin = { Origin: `http://127.0.0.1:${port}`, ...QUERY.headers };
    expect(await (await fetch(`${publicUrl}/graphql`, { ...QUERY, headers: origin })).json()).toMatchObject({
      data: { __typename: 'Query' },
    });
    const html = { Accept: 'text/html' };
    const page = await fetch(`${publicUrl}/`, { headers: html });
    const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
    expect((await fetch(new URL(script, page.url))).headers.get('content-type')).toContain('javascript');
    expect(await (await fetch(`${publicUrl}/graphql`, { headers: html })).text()).toContain('<!doctype html>');
    expect(await (await fetch(`${publicUrl}/nothing`)).text()).toContain('GraphQL is at /haunted/graphql.');
  });
});

describe('idle streams', () => {
  const impatient: Record<string, (server: RoomLogServer) => Promise<string>> = {
    nginx: (server) =>
      startNginx(
        `location / { proxy_pass http://127.0.0.1:${server.port}; ${UPGRADE.join(' ')} proxy_read_timeout 3s; }`,
      ),
    HAProxy: (server) => startHaproxy(server.port, 'timeout tunnel 3s\n  timeout server 3s'),
  };

  test.each(Object.entries(impatient))(
    '%s that closes connections after 3 s of silence keeps every stream open, since the service is never silent',
    async (_name, start) => {
      const server = await startRoomLogServer(database, { commentMs: 1_000, keepAliveMs: 1_000 });
      const url = await start(server);
      const room = await server.newRoom();
      const waiting = [...Object.values(streams), overWebSocket].map((watch) => {
        const messages = watch(url, room.roomId);
        return { messages, next: messages.next() };
      });
      await sleep(6_000);
      await server.write(room, ['line 1']);
      for (const { messages, next } of waiting) {
        expect((await within(5_000, 'the line', next)).value).toBe('line 1');
        await messages.return(undefined);
      }
    },
  );
});

describe("the guide's lines", () => {
  const guide = readFileSync(new URL('../../docs/guides/proxies.md', import.meta.url), 'utf8');
  const linesFor = (program: string) => new RegExp(`^\`\`\`${program}\\n([^]*?)^\`\`\`$`, 'm').exec(guide)?.[1] ?? '';

  test.each([...Object.entries(streams), ['a WebSocket', overWebSocket] as const])(
    "%s gets each event at once through nginx with the guide's lines",
    async (_what, watch) => {
      const server = await startRoomLogServer(database);
      const url = await startNginx(linesFor('nginx').replace('127.0.0.1:4000', `127.0.0.1:${server.port}`));
      await expectEachLineAtOnce(server, url, watch);
    },
  );

  test("a WebSocket gets each event at once through HAProxy with the guide's lines", async () => {
    const server = await startRoomLogServer(database);
    const lines = linesFor('haproxy').replace(/^defaults\n/, '');
    await expectEachLineAtOnce(server, await startHaproxy(server.port, lines), overWebSocket);
  });
});

describe('WebSocket', () => {
  test.each([
    ['all three lines', []],
    ['the lines that forward Upgrade and Connection', UPGRADE.slice(0, 1)],
    ['the line that forwards Connection', UPGRADE.slice(0, 2)],
    ['the line that forwards Upgrade', [UPGRADE[0], UPGRADE[2]]],
  ])('nginx without %s gets an answer that names the missing ones, which is logged once', async (_what, lines) => {
    const server = await startRoomLogServer(database);
    const url = await startNginx(`location / { proxy_pass http://127.0.0.1:${server.port}; ${lines.join(' ')} }`);
    const missing = UPGRADE.filter((line) => !lines.includes(line)).join(' ');
    const message = `A proxy before this service does not pass WebSocket upgrades on. nginx lacks the lines: ${missing} Other proxies must forward the headers Upgrade and Connection.`;
    for (let time = 1; time <= 2; time += 1) {
      const answer = await upgrade(`${url}/graphql`);
      expect(answer.status).toBe(426);
      expect(JSON.parse(answer.body.toString())).toEqual({
        errors: [{ message, extensions: { code: 'UPGRADE_REQUIRED' } }],
      });
    }
    expect(server.logged).toEqual([{ level: 'warn', fields: {}, message }]);
  });
});
