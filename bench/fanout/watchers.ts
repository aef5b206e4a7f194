/** Many watchers in one process, each with a WebSocket. They count messages and measure their latency. */
import { WebSocket } from 'ws';
import { SUBSCRIPTION } from './contestant.ts';

/** Connects the watchers numbered from `from` up to but without `to`. */
export type WatchersTask = { url: string; rooms: readonly string[]; from: number; to: number };
export type Received = { count: number; latenciesMs: number[] };

const MARK = Buffer.from('"message":"@');
let count = 0;
let latenciesMs: number[] = [];

type Wait = { waitFor: number; withinMs: number };

process.on('message', (message: WatchersTask | Wait) => void answer(message));
process.on('disconnect', () => process.exit());

async function answer(message: WatchersTask | Wait): Promise<void> {
  if ('url' in message) {
    await connect(message);
    process.send?.('connected');
    return;
  }
  const end = Date.now() + message.withinMs;
  while (count < message.waitFor && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  process.send?.({ count, latenciesMs } satisfies Received);
  count = 0;
  latenciesMs = [];
}

async function connect({ url, rooms, from, to }: WatchersTask): Promise<void> {
  for (let first = from; first < to; first += 100) {
    const some = Array.from({ length: Math.min(100, to - first) }, (_, index) => first + index);
    await Promise.all(some.map((index) => watch(url, rooms[index % rooms.length] ?? '')));
  }
}

function watch(url: string, roomId: string): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => console.error('a watcher was closed with', code));
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data: Buffer) => {
      const at = data.indexOf(MARK);
      if (at >= 0) {
        count++;
        const begin = at + MARK.length;
        const publishedMs = Number(data.toString('latin1', begin, data.indexOf(64, begin)));
        latenciesMs.push(now() - publishedMs);
      } else if (data.includes('connection_ack')) {
        const payload = { query: SUBSCRIPTION, variables: { roomId } };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        resolve();
      } else if (!data.includes('"type":"ping"')) {
        console.error(`unexpected message: ${data}`);
        process.exit(1);
      }
    });
  });
}

/** The system's monotonic clock, shared by all processes. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
