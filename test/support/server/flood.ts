import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTick } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { send } from '../clients/raw-http.ts';

/** The server to flood, and the attacker's identity. */
export type FloodTarget = { url: string; authorization: string; roomId: string };

/** How often each response occurred in a round. */
export type ResponseCounts = Map<string, number>;

type Attack = (at: FloodTarget, count: (what: string | number) => void) => Promise<void>;

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const INIT = (authorization: string) => JSON.stringify({ type: 'connection_init', payload: { authorization } });

async function inParallel(count: number, one: (n: number) => Promise<unknown>): Promise<void> {
  await Promise.allSettled(times(count, one));
}

function raw({ url }: FloodTarget, text: string): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  socket.on('error', () => {});
  return socket;
}

async function webSocket({ url }: FloodTarget, count: (what: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: true,
  });
  socket.on('error', () => {});
  socket.on('close', (code) => count(`closed ${code}`));
  if (socket.readyState !== WebSocket.OPEN) await Promise.race([once(socket, 'open'), once(socket, 'close')]);
  if (socket.extensions !== '') count('compression negotiated');
  return socket;
}

const post = (at: FloodTarget, body: string | Buffer, headers: Record<string, string> = {}) =>
  send(`${at.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, body);

/** Each attack keeps what it opened until the round is over. */
const ATTACKS: Record<string, Attack> = {
  async 'requests with and without a good token'(at, count) {
    await inParallel(200, async (n) => {
      const headers = { authorization: n % 2 === 0 ? at.authorization : 'Bearer a.b.c' };
      count((await post(at, '{"query":"{ viewer { rooms { edges { node { id } } } } }"}', headers)).status);
    });
  },
  async 'public pages'(at, count) {
    const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    await inParallel(100, async () => count((await send(`${at.url}/deployments/${cid}/`)).status));
    await inParallel(100, async () => count((await send(`${at.url}/health/ready`)).status));
  },
  async 'bodies and headers that are too large'(at, count) {
    const { authorization } = at;
    await inParallel(10, async () => count((await post(at, `"${'x'.repeat(2 ** 21)}"`, { authorization })).status));
    await inParallel(20, async () => count((await post(at, '{}', { 'x-large': 'x'.repeat(32_000) })).status));
  },
  async 'a body that would unpack to a hundred times its size'(at, count) {
    const bomb = gzipSync(Buffer.alloc(2 ** 26, 0x20));
    const headers = { authorization: at.authorization, 'content-encoding': 'gzip' };
    await inParallel(5, async () => count((await post(at, bomb, headers)).status));
  },
  async 'connections that send nothing, or send slowly'(at) {
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';
    const body = `${head}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`;
    const sockets = [
      ...times(200, () => raw(at, '')),
      ...times(200, () => raw(at, head)),
      ...times(100, () => raw(at, body)),
    ];
    for (let n = 0; n < 20; n += 1) {
      for (const socket of sockets.slice(200)) socket.write(n % 2 === 0 ? 'X-a: b' : '\r\n');
      await nextTick();
    }
    for (const socket of sockets) socket.destroy();
  },
  async 'WebSockets that send no connection_init'(at, count) {
    const sockets = await Promise.all(times(200, () => webSocket(at, count)));
    for (const socket of sockets) socket.terminate();
  },
  async 'WebSockets that subscribe 600 times and read nothing'(at, count) {
    await inParallel(20, async () => {
      const socket = await webSocket(at, count);
      socket.send(INIT(at.authorization));
      await Promise.race([once(socket, 'message'), once(socket, 'close')]);
      socket.pause();
      const query = `subscription { agentLogs(roomId: "${at.roomId}") { id message metadata } }`;
      for (let id = 0; id < 600; id += 1) {
        socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }));
      }
      for (let n = 0; n < 2_000; n += 1) socket.send('{"type":"ping","payload":{"x":"xxxxxxxxxxxxxxxxxxxxxxxx"}}');
      for (let n = 0; n < 2_000; n += 1) socket.ping('x'.repeat(100));
      await nextTick();
      socket.terminate();
    });
  },
  async 'frames that are too large, malformed or compressed'(at, count) {
    await inParallel(20, async (n) => {
      const socket = await webSocket(at, count);
      const closed = once(socket, 'close');
      const stream: Socket = Reflect.get(socket, '_socket');
      if (n % 3 === 0) socket.send('x'.repeat(2 ** 21));
      else if (n % 3 === 1) socket.send('{"type":'.repeat(1_000));
      // A compressed text frame, although no compression was negotiated.
      else stream.write(Buffer.from([0xc1, 0x84, 0, 0, 0, 0, 0x4a, 0x4c, 0x04, 0x00]));
      await closed;
    });
  },
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

/** Runs all attacks at the same time, once. */
export async function flood(at: FloodTarget, counts: Map<string, ResponseCounts>): Promise<void> {
  await Promise.all(
    Object.entries(ATTACKS).map(async ([name, attack]) => {
      const answers = counts.get(name) ?? new Map<string, number>();
      counts.set(name, answers);
      await attack(at, (what) => answers.set(`${what}`, (answers.get(`${what}`) ?? 0) + 1));
    }),
  );
}
