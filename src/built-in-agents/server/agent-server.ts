import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BuiltInAgent, Refusal, type Tools } from '../built-in-agent.ts';
import type { Fate } from '../misbehaviour.ts';
import { readJson } from './read-body.ts';
import { createReply, type Reply, sendJson } from './reply.ts';

export type AgentServerOptions = {
  agent: BuiltInAgent;
  fate: (idempotencyKey: string, signal: AbortSignal) => Promise<Fate>;
  /** The tools for one call: `say` tells the caller, and rejects when the signal aborts. */
  tools: (reply: Reply, signal: AbortSignal) => Tools;
  /** An error of ours, not of the caller's. */
  failed: (error: unknown) => void;
};

export type AgentServer = { url: string; close(): Promise<void> };

/** Serves one agent on a free port of 127.0.0.1. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    answer(options, request, response, gone.signal).catch((error: unknown) => {
      if (!gone.signal.aborted) options.failed(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  { agent, fate, tools, failed }: AgentServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const method = path === '/health' ? 'GET' : path === agent.path ? 'POST' : null;
  if (method === null) return sendJson(response, 404, { error: 'there is nothing at this path' });
  if (request.method !== method) {
    return sendJson(response, 405, { error: `only ${method} is allowed here` }, { Allow: method });
  }
  if (method === 'GET') return sendJson(response, 200, { status: 'ok' });

  const reply = createReply(request, response);
  try {
    const work = agent.read(await readJson(request));
    const decided = await fate(String(request.headers['idempotency-key'] ?? ''), gone);
    if (decided === 'hang') return;
    if (decided === 'garbage') return void response.end('}{ not what you asked for');
    if (decided === 'fail') return sendJson(response, 503, { error: 'told to fail this call', retryable: true });
    reply.result(await work(tools(reply, gone)));
  } catch (error) {
    gone.throwIfAborted();
    if (error instanceof Refusal) {
      if (response.headersSent) return reply.error(error.message, false, error.status);
      return sendJson(response, error.status, { success: false, error: error.message, retryable: false });
    }
    failed(error);
    reply.error('the agent could not finish its work', true, 500);
  }
}
