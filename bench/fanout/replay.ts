import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectDb } from '../../src/db/client.ts';
import { insertLines, insertQueuedWorkflow, insertRoom } from '../../test/support/databases/rows.ts';
import { type Summary, summarize } from '../support/statistics.ts';
import { SUBSCRIPTION, type Surroundings } from './contestant.ts';
import type { ServerTask } from './server.ts';

const LINES = 1_000;
const TIMES = 30;

/** Measures the product's time from `subscribe` to the last of a room's thousand lines, in ms. */
export async function measureReplay(surroundings: Surroundings): Promise<Summary> {
  const { db, close } = connectDb(surroundings.databaseUrl);
  const roomId = await insertRoom(db, 'local');
  const workflowId = await insertQueuedWorkflow(db, { viewerId: 'local', roomId });
  await insertLines(db, { roomId, workflowId }, LINES);
  await close();
  const server: ChildProcess = fork(new URL('./server.ts', import.meta.url));
  server.send({ contestant: 'product', ...surroundings } satisfies ServerTask);
  const [url] = (await once(server, 'message')) as [string];
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const durations: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const begin = performance.now();
    const payload = { query: SUBSCRIPTION, variables: { roomId } };
    socket.send(JSON.stringify({ id: `${time}`, type: 'subscribe', payload }));
    for (let line = 0; line < LINES; line++) await next(socket);
    durations.push(performance.now() - begin);
    socket.send(JSON.stringify({ id: `${time}`, type: 'complete' }));
  }
  socket.terminate();
  server.kill('SIGKILL');
  return summarize(durations);
}

const queue = new WeakMap<WebSocket, { got: number; wanted: (() => void) | null }>();

/** Yields messages one by one, even if several arrive in the same tick. */
function next(socket: WebSocket): Promise<void> {
  const known = queue.get(socket) ?? { got: 0, wanted: null };
  if (!queue.has(socket)) {
    queue.set(socket, known);
    socket.on('message', () => {
      known.got++;
      known.wanted?.();
    });
  }
  return new Promise((resolve) => {
    const take = () => {
      if (known.got === 0) return;
      known.got--;
      known.wanted = null;
      resolve();
    };
    known.wanted = take;
    take();
  });
}
