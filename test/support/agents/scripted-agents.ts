import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { type Answer, json } from './scripted-answers.ts';

/** A request as the agent's server received it. */
export type RecordedCall = {
  agent: AgentName;
  /** Counts the agent's calls from 1. */
  nth: number;
  method: string;
  /** With the query string, as sent. */
  path: string;
  headers: IncomingHttpHeaders;
  /** The parsed JSON, or the text if it is not JSON. */
  body: unknown;
  /** The time of arrival, in ms since the epoch. */
  at: number;
  /** Whether the socket closed before the answer was complete, also by an answer such as `reset`. */
  closedByClient: boolean;
  /** Resolves with `closedByClient` when the answer is complete or the socket closed. */
  closed: Promise<boolean>;
};

/** Returns the answer to an agent's nth call, or undefined for its good answer. */
export type AgentScript = (call: RecordedCall, nth: number) => Answer | undefined;

export type ScriptedAgents = {
  urls: Record<AgentName, string>;
  /** May be changed at any time, for later calls. */
  script: Partial<Record<AgentName, AgentScript>>;
  /** The answer to GET /health, by default status 200. These requests are not recorded in `calls`. */
  health: Partial<Record<AgentName, Answer>>;
  /** All calls in order of arrival, without GET /health. */
  calls: RecordedCall[];
  callsOf(agent: AgentName): RecordedCall[];
  /** Resolves when the agent has received its nth call, counted from 1. */
  waitForCall(agent: AgentName, nth?: number): Promise<RecordedCall>;
  /** Clears the script and the calls. */
  reset(): void;
  /** Stops listening and closes open connections. */
  stop(agent: AgentName): Promise<void>;
  /** Listens again, on the same port. */
  start(agent: AgentName): Promise<void>;
  /** Closes every connection and frees the ports. */
  close(): Promise<void>;
};

/** Each agent's answer when the script has none. */
export const GOOD_ANSWERS: Record<AgentName, Record<string, unknown>> = {
  story: { story: 'The lamp went out. Somebody lit it again.', cid: 'story-cid', metadata: { summary: 'A lamp.' } },
  asset: { imageCid: 'image-cid', imageUrl: 'http://127.0.0.1/image.svg', metadata: { theme: 'a lamp in fog' } },
  code: { code: '<!doctype html><p>lamp</p>', cid: 'code-cid', tested: true, patchAttempts: 0 },
  deploy: { success: true, deploymentUrl: 'http://127.0.0.1/deployments/code-cid/', deploymentId: 'code-cid' },
};

/**
 * Starts four real HTTP servers on free loopback ports that answer as a script says, and otherwise with a good answer at
 * once. The answers are in scripted-answers.ts. Some of them wait for a promise of the test, so tests need no sleep.
 *
 * ```ts
 * const agents = await startScriptedAgents({ story: (_call, nth) => (nth === 1 ? reset() : undefined) });
 * const second = await agents.waitForCall('story', 2);
 * ```
 */
export async function startScriptedAgents(script: ScriptedAgents['script'] = {}): Promise<ScriptedAgents> {
  const servers = {} as Record<AgentName, Server>;
  const ports = {} as Record<AgentName, number>;
  const waiting = new Set<() => void>();

  const agents: ScriptedAgents = {
    urls: {} as Record<AgentName, string>,
    script,
    health: {},
    calls: [],
    callsOf: (agent) => agents.calls.filter((call) => call.agent === agent),
    waitForCall: (agent, nth = 1) => {
      const { promise, resolve } = Promise.withResolvers<RecordedCall>();
      const look = () => {
        const call = agents.callsOf(agent)[nth - 1];
        if (call === undefined) return;
        waiting.delete(look);
        resolve(call);
      };
      waiting.add(look);
      look();
      return promise;
    },
    reset: () => {
      Object.assign(agents, { script: {}, health: {} });
      agents.calls.length = 0;
    },
    stop: async (agent) => {
      const stopped = new Promise((resolve) => servers[agent].close(resolve));
      servers[agent].closeAllConnections();
      await stopped;
    },
    start: async (agent) => {
      servers[agent] = await listen((request, response) => handle(agent, request, response), ports[agent]);
    },
    close: async () => {
      await Promise.all(AGENT_NAMES.map((agent) => agents.stop(agent)));
    },
  };

  async function handle(agent: AgentName, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url?.split('?')[0]?.endsWith('/health')) {
      return (agents.health[agent] ?? json({ status: 'ok' }))(response);
    }
    const received = await receive(request, response);
    const call = Object.assign(received, { agent, nth: agents.callsOf(agent).length + 1 });
    agents.calls.push(call);
    for (const look of waiting) look();
    await (agents.script[agent]?.(call, call.nth) ?? json(GOOD_ANSWERS[agent]))(response);
  }

  for (const agent of AGENT_NAMES) {
    servers[agent] = await listen((request, response) => handle(agent, request, response), 0);
    ports[agent] = (servers[agent].address() as AddressInfo).port;
    agents.urls[agent] = `http://127.0.0.1:${ports[agent]}`;
  }
  return agents;
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>, port: number) {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Omit<RecordedCall, 'agent' | 'nth'>> {
  const { promise: closed, resolve } = Promise.withResolvers<boolean>();
  const at = Date.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: parse(Buffer.concat(chunks).toString('utf8')),
    at,
    closedByClient: false,
    closed,
  };
  response.on('close', () => {
    call.closedByClient = !response.writableFinished;
    resolve(call.closedByClient);
  });
  return call;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
