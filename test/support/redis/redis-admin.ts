import { Redis } from 'ioredis';

/** Sends one command to a Redis, over a connection of its own. */
export async function askRedis(port: number, ...command: [string, ...string[]]): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1', {
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: null,
  });
  client.on('error', () => {});
  try {
    return await client.call(...command);
  } finally {
    client.disconnect();
  }
}
