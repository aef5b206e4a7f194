import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reaction } from '../behaviour.ts';
import { type BuiltInAgent, Refusal, TemporaryFailure, type Tools } from '../define-agent.ts';
import { type AgentReply, createReply, jsonReply, sendJson } from './agent-reply.ts';

/** The largest request: a story of 10 MiB, the most an agent may answer with, and room for its JSON escapes. */
const MAX_REQUEST_BYTES = 24 * 1024 * 1024;

export type AgentListenerOptions = {
  agent: BuiltInAgent;
  /** Chooses what to do with a call. */
  react: (idempotencyKey: string, signal: AbortSignal) => Promise<Reaction>;
  /** Makes the tools for one call: `report` writes to `reply`, and rejects once the signal is aborted. */
  tools: (reply: AgentReply, call: CallOfAgent) => Tools;
  /** Called with internal errors, as opposed to the caller's. */
  onError: (error: unknown) => void;
};

export type CallOfAgent = {
  idempotencyKey: string | null;
  /** Aborts when the connection is closed, after the answer or before. */
  signal: AbortSignal;
};

export type AgentServer = { url: string; close(): Promise<void> };

/** Answers the calls of one agent. */
export function createAgentListener(options: AgentListenerOptions): RequestListener {
  return (request, response) => {
    const disconnected = new AbortController();
    response.on('close', () => disconnected.abort());
    answer(options, request, response, disconnected.signal).catch((error: unknown) => {
      if (!disconnected.signal.aborted) options.onError(error);
      response.destroy();
    });
  };
}

/** Serves one agent on a free port of 127.0.0.1. */
export async function startAgentServer(listener: RequestListener): Promise<AgentServer> {
  const server = createServer(listener);
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
  { agent, react, tools, onError }: AgentListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  disconnected: AbortSignal,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const method = path === '/health' ? 'GET' : path === agent.path ? 'POST' : null;
  if (method === null) {
    return sendJson(response, 404, { error: `unknown path: use POST ${agent.path} or GET /health` });
  }
  if (request.method !== method) {
    return sendJson(response, 405, { error: `method not allowed: use ${method}` }, { Allow: method });
  }
  if (method === 'GET') return sendJson(response, 200, { status: 'ok' });
  // Browsers send it with every POST: no web page may use an agent of whoever visits it.
  if (request.headers.origin !== undefined) {
    return sendJson(response, 403, { error: 'agents are called by programs, not by web pages', retryable: false });
  }

  const reply = createReply(request, response);
  try {
    const work = agent.parse(await readJson(request));
    const idempotencyKey = String(request.headers['idempotency-key'] ?? '');
    const reaction = await react(idempotencyKey, disconnected);
    if (reaction === 'hang') return;
    if (reaction === 'garbage') return void response.end('}{ this is not JSON');
    if (reaction === 'fail')
      return sendJson(response, 503, { error: 'failing on purpose, as configured', retryable: true });
    const call = { idempotencyKey: idempotencyKey === '' ? null : idempotencyKey, signal: disconnected };
    reply.result(await work(tools(reply, call)));
  } catch (error) {
    disconnected.throwIfAborted();
    const respond = response.headersSent ? reply : jsonReply(response);
    if (error instanceof Refusal) return respond.error(error.message, { retryable: false, status: error.status });
    if (error instanceof TemporaryFailure) {
      const { message, status, retryAfter } = error;
      return respond.error(message, { retryable: true, status, retryAfter });
    }
    onError(error);
    reply.error('internal error of the agent', { retryable: true, status: 500 });
  }
}

/** @throws {Refusal} 413 for a body that is too large, 400 for one that is not JSON */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_REQUEST_BYTES) throw new Refusal('request body: larger than 24 MiB', 413);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal('request body: not JSON', 400);
  }
}
