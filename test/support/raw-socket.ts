import { once } from 'node:events';
import { WebSocket } from 'ws';
import { waitFor } from './wait-for.ts';

export type Message = { type: string; id?: string; payload?: unknown };

export type RawSocket = {
  /** An object as JSON, a text as it is. */
  send(message: object | string): void;
  /** What came so far. */
  received: Message[];
  /** The first message that has come, or will, with all of these. */
  next(part: Partial<Message>): Promise<Message>;
  /** The code and the reason of its closing. */
  closed: Promise<[number, string]>;
  close(): void;
};

/** graphql-transport-ws by hand: nothing is sent by itself but pongs of the WebSocket's own. */
export async function openSocket(
  endpoint: string,
  protocol: string | string[] = 'graphql-transport-ws',
): Promise<RawSocket> {
  const socket = new WebSocket(endpoint.replace('http', 'ws'), protocol);
  const received: Message[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code, String(reason)]);
  await Promise.race([once(socket, 'open'), closed]);
  const matches = (message: Message, part: Partial<Message>) =>
    Object.entries(part).every(([name, value]) => message[name as keyof Message] === value);
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    received,
    next: (part) =>
      waitFor(`the message ${JSON.stringify(part)}`, () => received.find((found) => matches(found, part))),
    closed,
    close: () => socket.close(),
  };
}

/** One that is acknowledged. */
export async function openAcknowledged(endpoint: string, payload?: object): Promise<RawSocket> {
  const socket = await openSocket(endpoint);
  socket.send({ type: 'connection_init', ...(payload !== undefined && { payload }) });
  await socket.next({ type: 'connection_ack' });
  return socket;
}
