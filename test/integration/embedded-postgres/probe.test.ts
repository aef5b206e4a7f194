import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { servesFolder } from '../../../src/embedded-postgres/probe-server.ts';

/** AuthenticationOk, ReadyForQuery. */
const AUTHENTICATED = Buffer.from('5200000008000000005a0000000549', 'hex');

test('a server that accepts the connection and dies at the first query counts as not answering, without an unhandled rejection', async () => {
  const dying = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(AUTHENTICATED);
      socket.once('data', () => socket.destroy());
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void dying.close());
  await once(dying, 'listening');
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));

  const { port } = dying.address() as AddressInfo;
  expect(await servesFolder({ port, password: 'any' }, '/nowhere', 2_000)).toBe(false);
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});
