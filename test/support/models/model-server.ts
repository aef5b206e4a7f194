import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was sent to the server. */
export type ModelRequest = {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** The texts of all messages, or the prompt of a picture. */
  prompt: string;
  /** Settles when the connection is closed. */
  closed: Promise<void>;
};

/** Answers one request. */
export type Play = (response: ServerResponse, request: ModelRequest) => void | Promise<void>;

export type ModelServerDouble = {
  /** With /v1. */
  url: string;
  origin: string;
  requests: ModelRequest[];
  /** Answers the next requests, one each; then `play` answers. */
  next: Play[];
  /** Answers whatever is asked. */
  play: Play;
  close(): Promise<void>;
};

/** A model server over a real socket, which answers with 404 outside of the endpoints that it has. */
export async function startModelServer(
  play: Play,
  { endpoints = ['/v1/chat/completions', '/v1/images/generations'] }: { endpoints?: string[] } = {},
): Promise<ModelServerDouble> {
  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const double: ModelServerDouble = {
    ...{ url: `${origin}/v1`, origin, requests: [], next: [], play },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? '';
    const body = await jsonOf(incoming);
    if (!endpoints.includes(path)) return void response.writeHead(404).end('404 page not found');
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    const request = { path, headers: incoming.headers, body, prompt: promptOf(body), closed };
    double.requests.push(request);
    await (double.next.shift() ?? double.play)(response, request);
  }

  return double;
}

async function jsonOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
}

function promptOf({ messages, prompt }: Record<string, unknown>): string {
  if (!Array.isArray(messages)) return String(prompt ?? '');
  return messages.map((message: { content?: unknown }) => String(message.content)).join('\n');
}
