import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Variables = Record<string, unknown>;

/** A graphql-transport-ws client that keeps each message as the text that came. */
export type RawWatcher = {
  socket: WebSocket;
  subscribe(id: string, query: string, variables?: Variables): void;
  complete(id: string): void;
  /** The messages for an id, so far. */
  texts(id: string): readonly string[];
  /** Whether `complete` or `error` came for it. */
  isOver(id: string): boolean;
  close(): void;
};

/** @param endpoint of GraphQL, by http */
export async function openRawWatcher(endpoint: string): Promise<RawWatcher> {
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
