import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type StatementCounter = {
  /** The URL of the database through this proxy. */
  url: string;
  /** Every statement that was executed, in order, without BEGIN, COMMIT and ROLLBACK. */
  statements: string[];
  close(): void;
};

/**
 * A proxy that reads PostgreSQL's protocol between a client and its server, so it counts what is really sent, whatever
 * the client library.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function startStatementCounter(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl);
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const read = reader((statement) => {
      if (!/^\s*(begin|commit|rollback)\b/i.test(statement)) statements.push(statement);
    });
    client.on('data', read);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    statements,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Parses what a client sends and reports each statement that it executes. */
function reader(onStatement: (statement: string) => void): (chunk: Buffer) => void {
  /** The text of each prepared statement and of each portal, by name. */
  const prepared = new Map<string, string>();
  const bound = new Map<string, string>();
  let unread = Buffer.alloc(0);
  let isStarted = false;

  function read(type: string, body: Buffer): void {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
    if (type === 'Q') onStatement(first);
    if (type === 'P') prepared.set(first, second);
    if (type === 'B') bound.set(first, prepared.get(second) ?? '');
    if (type === 'E') onStatement(bound.get(first) ?? '');
  }

  return (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      // The first message, unlike all others, has no type byte.
      const head = isStarted ? 1 : 0;
      if (unread.length < head + 4) return;
      const end = head + unread.readUInt32BE(head);
      if (unread.length < end) return;
      if (isStarted) read(String.fromCharCode(unread[0] ?? 0), unread.subarray(head + 4, end));
      isStarted = true;
      unread = unread.subarray(end);
    }
  };
}
