import { createServer, type RequestListener } from 'node:http';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import { listen, localUrl } from './http/listen.ts';
import { publicPathOf, removePublicPath } from './http/public-path.ts';
import { createPublishedContent, DEPLOYMENTS_PATH } from './http/published-content.ts';
import { createMalformedRefusal } from './http/refuse-malformed.ts';
import { sendError } from './http/reply.ts';
import { SECURITY_HEADERS } from './http/request-listener.ts';
import { pathOf } from './http/routes.ts';
import { createOperatorHints } from './operator-hints.ts';
import type { ServerLog } from './server-options.ts';
import { closeConnectionsAfterResponses } from './shut-down.ts';

export type LoneAgentServerOptions = {
  host: string;
  /** 0 selects a free port. */
  port: number;
  /** The URL by which browsers reach the server; null: http://HOST:PORT. */
  publicUrl: string | null;
  /** Answers the calls of the agent, at every path but /deployments/. */
  agent: RequestListener;
  /** What this agent has made, served at /deployments/<cid>/. */
  content: Pick<ContentStore, 'get'>;
  log: ServerLog;
};

export type LoneAgentServer = {
  /** The URL by which this machine reaches it. */
  url: string;
  /** Accepts no more connections, and waits up to `graceMs` for calls in progress, then cuts what is left. */
  close(graceMs: number): Promise<void>;
};

/**
 * Serves one agent and what it has made on one port.
 * @throws {ListenError} the port is in use, or the host is not an address of this machine
 */
export async function startLoneAgentServer(options: LoneAgentServerOptions): Promise<LoneAgentServer> {
  const { host, publicUrl, agent, log } = options;
  let closing: Promise<void> | undefined;
  const isDraining = () => closing !== undefined;
  // The sandbox isolates what is published, and there are no users whose requests could be counted.
  const published = createPublishedContent(options.content, { publicRequest: async () => {} });
  const publicPath = publicPathOf(publicUrl);

  const server = createServer((req, res) => {
    if (isDraining()) res.setHeader('Connection', 'close');
    res.on('error', () => undefined);
    removePublicPath(publicPath, req);
    const path = pathOf(req.url);
    if (!path?.startsWith(DEPLOYMENTS_PATH)) return agent(req, res);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) res.setHeader(name, value);
    published(req, res, path).catch((error: unknown) => {
      log.error({ err: error }, 'published content could not be read');
      if (res.headersSent) res.destroy();
      else sendError(res, 500, 'INTERNAL_ERROR', 'The content could not be read.');
    });
  });
  server.on('clientError', createMalformedRefusal(createOperatorHints(log)));
  closeConnectionsAfterResponses(server, isDraining);
  const port = await listen(server, host, options.port, { port: '--port', host: '--host' });

  const close = async (graceMs: number) => {
    const closed = new Promise((resolve) => server.close(resolve));
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(cut);
  };
  return {
    url: localUrl(host, port),
    close(graceMs) {
      closing ??= close(graceMs);
      return closing;
    },
  };
}
