import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { send } from '../clients/raw-http.ts';

/** Who floods, and where. */
export type Flooded = { url: string; authorization: string; roomId: string };

/** What a round met: how often which answer. */
export type Met = Map<string, number>;

type Attack = (at: Flooded, meet: (what: string | number) => void) => Promise<void>;

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const INIT = (authorization: string) => JSON.stringify({ type: 'connection_init', payload: { authorization } });

async function inParallel(count: number, one: (n: number) => Promise<unknown>): Promise<void> {
  await Promise.allSettled(times(count, one));
}

function raw({ url }: Flooded, text: string): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  socket.on('error', () => {});
  return socket;
}

async function webSocket({ url }: Flooded, meet: (what: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: true,
  });
  socket.on('error', () => {});
  socket.on('close', (code) => meet(`closed ${code}`));
  if (socket.readyState !== WebSocket.OPEN) await Promise.race([once(socket, 'open'), once(socket, 'close')]);
  if (socket.extensions !== '') meet('compression agreed on');
  return socket;
}

const post = (at: Flooded, body: string | Buffer, headers: Record<string, string> = {}) =>
  send(`${at.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, body);

/** Each holds what it opened until the round is over. */
const ATTACKS: Record<string, Attack> = {
  async 'requests with and without a good token'(at, meet) {
    await inParallel(200, async (n) => {
      const headers = { authorization: n % 2 === 0 ? at.authorization : 'Bearer a.b.c' };
      meet((await post(at, '{"query":"{ viewer { rooms { edges { node { id } } } } }"}', headers)).status);
    });
  },
  async 'public pages'(at, meet) {
    const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    await inParallel(100, async () => meet((await send(`${at.url}/deployments/${cid}/`)).status));
    await inParallel(100, async () => meet((await send(`${at.url}/health/ready`)).status));
  },
  async 'bodies and headers that are too large'(at, meet) {
    const { authorization } = at;
    await inParallel(10, async () => meet((await post(at, `"${'x'.repeat(2 ** 21)}"`, { authorization })).status));
    await inParallel(20, async () => meet((await post(at, '{}', { 'x-large': 'x'.repeat(32_000) })).status));
  },
  async 'a body that would unpack to a hundred times its size'(at, meet) {
    const bomb = gzipSync(Buffer.alloc(2 ** 26, 0x20));
    const headers = { authorization: at.authorization, 'content-encoding': 'gzip' };
    await inParallel(5, async () => meet((await post(at, bomb, headers)).status));
  },
  async 'connections that say nothing, or slowly'(at) {
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';
    const body = `${head}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`;
    const held = [
      ...times(200, () => raw(at, '')),
      ...times(200, () => raw(at, head)),
      ...times(100, () => raw(at, body)),
    ];
    for (let n = 0; n < 20; n += 1) {
      for (const socket of held.slice(200)) socket.write(n % 2 === 0 ? 'X-a: b' : '\r\n');
      await turn();
    }
    for (const socket of held) socket.destroy();
  },
  async 'WebSockets that never begin'(at, meet) {
    const sockets = await Promise.all(times(200, () => webSocket(at, meet)));
    for (const socket of sockets) socket.terminate();
  },
  async 'WebSockets that ask for everything and read nothing'(at, meet) {
    await inParallel(20, async () => {
      const socket = await webSocket(at, meet);
      socket.send(INIT(at.authorization));
      await Promise.race([once(socket, 'message'), once(socket, 'close')]);
      socket.pause();
      const query = `subscription { agentLogs(roomId: "${at.roomId}") { id message metadata } }`;
      for (let id = 0; id < 600; id += 1) {
        socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }));
      }
      for (let n = 0; n < 2_000; n += 1) socket.send('{"type":"ping","payload":{"x":"xxxxxxxxxxxxxxxxxxxxxxxx"}}');
      for (let n = 0; n < 2_000; n += 1) socket.ping('x'.repeat(100));
      await turn();
      socket.terminate();
    });
  },
  async 'frames that are too large, malformed or compressed'(at, meet) {
    await inParallel(20, async (n) => {
      const socket = await webSocket(at, meet);
      const closed = once(socket, 'close');
      const stream = (socket as unknown as { _socket: Socket })._socket;
      if (n % 3 === 0) socket.send('x'.repeat(2 ** 21));
      else if (n % 3 === 1) socket.send('{"type":'.repeat(1_000));
      // A compressed text frame that nobody agreed on.
      else stream.write(Buffer.from([0xc1, 0x84, 0, 0, 0, 0, 0x4a, 0x4c, 0x04, 0x00]));
      await closed;
    });
  },
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

/** All of it at once, one time. */
export async function flood(at: Flooded, met: Map<string, Met>): Promise<void> {
  await Promise.all(
    Object.entries(ATTACKS).map(async ([name, attack]) => {
      const answers = met.get(name) ?? new Map<string, number>();
      met.set(name, answers);
      await attack(at, (what) => answers.set(`${what}`, (answers.get(`${what}`) ?? 0) + 1));
    }),
  );
}
