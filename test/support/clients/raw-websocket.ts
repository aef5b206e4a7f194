import { once } from 'node:events';
import { WebSocket } from 'ws';
import { waitFor, within } from '../wait-for.ts';

export type Message = { type: string; id?: string; payload?: unknown };

export type RawWebSocket = {
  /** Sends an object as JSON, or a string unchanged. */
  send(message: object | string): void;
  /** The messages received so far. */
  received: Message[];
  /** Waits for a message with all of these properties, also among those already received. */
  next(part: Partial<Message>): Promise<Message>;
  /** Resolves with the close code and reason. */
  closed: Promise<[number, string]>;
  close(): void;
};

/** Opens a WebSocket on which the test itself speaks graphql-transport-ws. Only protocol-level pongs are automatic. */
export async function openWebSocket(
  endpoint: string,
  protocol: string | string[] = 'graphql-transport-ws',
): Promise<RawWebSocket> {
  const socket = new WebSocket(endpoint.replace('http', 'ws'), protocol);
  const received: Message[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code, String(reason)]);
  await within(10_000, 'the WebSocket to open', Promise.race([once(socket, 'open'), closed]));
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

/** Opens a WebSocket and waits for `connection_ack`. */
export async function openAcknowledgedWebSocket(endpoint: string, payload?: object): Promise<RawWebSocket> {
  const socket = await openWebSocket(endpoint);
  socket.send({ type: 'connection_init', ...(payload !== undefined && { payload }) });
  await socket.next({ type: 'connection_ack' });
  return socket;
}

export type Variables = Record<string, unknown>;

/** A graphql-transport-ws client that keeps the text of each message. */
export type RawSubscriber = {
  socket: WebSocket;
  subscribe(id: string, query: string, variables?: Variables): void;
  complete(id: string): void;
  /** The messages received so far for an operation. */
  texts(id: string): readonly string[];
  /** Whether `complete` or `error` was received for an operation. */
  isOver(id: string): boolean;
  close(): void;
};

/** @param endpoint the GraphQL endpoint, with http */
export async function openRawSubscriber(endpoint: string): Promise<RawSubscriber> {
  const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const texts = new Map<string, string[]>();
  const over = new Set<string>();
  const keep = (id: string) => {
    const kept = texts.get(id) ?? [];
    texts.set(id, kept);
    return kept;
  };
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (data) => {
      const text = String(data);
      const { id, type } = JSON.parse(text) as { id?: string; type: string };
      if (type === 'connection_ack') resolve();
      if (id === undefined) return;
      keep(id).push(text);
      if (type !== 'next') over.add(id);
    });
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await acknowledged;
  return {
    socket,
    subscribe: (id, query, variables = {}) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } })),
    complete: (id) => socket.send(JSON.stringify({ id, type: 'complete' })),
    texts: (id) => keep(id),
    isOver: (id) => over.has(id),
    close: () => socket.terminate(),
  };
}
