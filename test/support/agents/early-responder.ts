import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** Ways to close a connection from which the request was not read to its end. */
export const CLOSINGS = ['close', 'reset', 'reset after the response is sent', 'close later', 'stay open'] as const;
export type Closing = (typeof CLOSINGS)[number];

/**
 * Starts one agent for each closing. It reads the beginning of a request, responds with these bytes in two writes, and
 * closes. The agents run in a thread of their own, so that they close while the client is writing.
 */
export async function startEarlyResponders(
  response: string,
): Promise<{ urls: Record<Closing, string>; close(): Promise<void> }> {
  const worker = new Worker(new URL(import.meta.url), { stderr: true });
  worker.postMessage(response);
  const [urls] = (await once(worker, 'message')) as [Record<Closing, string>];
  return { urls, close: async () => void (await worker.terminate()) };
}

function respond(socket: Socket, response: string, closing: Closing): void {
  const half = response.length - 20;
  const send = (then: () => void = () => {}) => {
    socket.write(response.slice(0, half));
    socket.write(response.slice(half), then);
  };
  switch (closing) {
    case 'close':
      send();
      socket.destroy();
      break;
    case 'reset':
      send();
      socket.resetAndDestroy();
      break;
    case 'reset after the response is sent':
      send(() => socket.resetAndDestroy());
      break;
    case 'close later':
      socket.pause();
      setTimeout(() => {
        send();
        socket.destroy();
      }, 3);
      break;
    case 'stay open':
      socket.pause();
      send();
  }
}

async function listen(response: string): Promise<void> {
  const urls: Record<string, string> = {};
  for (const closing of CLOSINGS) {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => respond(socket, response, closing));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    urls[closing] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  parentPort?.postMessage(urls);
}

if (!isMainThread) parentPort?.once('message', (response: string) => void listen(response));
