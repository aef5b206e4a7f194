import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which the system assigns ports, so no other test's server gets the same port meanwhile. */
const FIRST = 20_000;
const COUNT = 12_000;

/** Returns a loopback port that is free at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
