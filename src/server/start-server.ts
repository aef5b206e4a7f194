import { createServer, type IncomingMessage } from 'node:http';
import { closeConnectionsAfterAnswers, closeInOrder } from './close-in-order.ts';
import { createGraphiQL } from './graphiql/graphiql.ts';
import { createGraphQLEngine } from './graphql/engine.ts';
import { createGraphQLHttp } from './graphql/http-endpoint.ts';
import { createErrorMask } from './graphql/mask-error.ts';
import { createOpenStreams } from './graphql/open-streams.ts';
import { createHealthEndpoint } from './http/health-endpoint.ts';
import { listen, localUrl } from './http/listen.ts';
import { createPublishedContent } from './http/published-content.ts';
import { createAdmission } from './http/request-guard.ts';
import { createRequestListener } from './http/request-listener.ts';
import { limitConnections } from './limits/limit-connections.ts';
import { createSocketLimits, SOCKET_IDLE_MS } from './limits/socket-limits.ts';
import type { RunningServer, ServerOptions } from './options.ts';
import { createRoomLogEndpoint } from './room-log/endpoint.ts';
import { createWebSocketEndpoint } from './websocket/endpoint.ts';
import { createGraphQLOverWebSocket } from './websocket/graphql-over-websocket.ts';
import { createUpgradeHandler } from './websocket/upgrade.ts';

/** Times within which a request must have arrived, in ms: slow senders would hold sockets for ever otherwise. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often that is looked at; Node's own half a minute would double it. */
const CHECK_EVERY_MS = 5_000;
/** Longer than the usual minute of a load balancer, which must be the one to close, or a request may cross it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * GraphQL over HTTP, SSE and WebSocket, GraphiQL, published content and health, on one port.
 * @throws {ListenError} the port is in use, or the host not ours
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { role, host, publicUrl, localViewer, corsOrigins, isUnavailable, log } = options;
  let draining = false;
  const isDraining = () => draining;
  const mask = createErrorMask({ isUnavailable, log, suggestions: options.introspection });
  const openStreams = createOpenStreams();
  const admission = createAdmission(options);
  const socketLimits = createSocketLimits(options.socketsPerViewer);
  const engine = createGraphQLEngine({ ...options, mask, openStreams, socketLimits });
  const hostRule = { localViewer, host, publicUrl };
  const originRule = { corsOrigins, localViewer, publicUrl };
  const servePage = options.graphiql ? createGraphiQL({ needsToken: !localViewer }) : null;
  const protocol = createGraphQLOverWebSocket({
    ...options,
    ...{ engine, admission, mask, socketLimits },
    idleMs: options.idleMs ?? SOCKET_IDLE_MS,
  });
  const { keepAliveMs = 12_000, bufferBytes = 256 * 1024, stuckMs = 60_000 } = options;
  const webSockets = createWebSocketEndpoint({
    ...options,
    protocol,
    addressOf: admission.addressOf,
    keepAliveMs,
    bufferBytes,
    stuckMs,
    takePlace: socketLimits.sockets.fromAddress,
  });
  const routes = {
    role,
    hostRule,
    graphiql: options.graphiql,
    health: createHealthEndpoint({ health: options.health, isDraining, log }),
    graphql: createGraphQLHttp({ engine, admission, mask, originRule, servePage }),
    deployments: createPublishedContent(options.content, admission),
    roomLog: createRoomLogEndpoint({
      ...{ logs: options.logs, admission, mask, originRule, openStreams, socketLimits, log },
      commentMs: options.commentMs ?? 15_000,
      stuckMs,
    }),
  };
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      // Some clients offer to go on in HTTP/2 (h2c): they are served as if they had not.
      shouldUpgradeCallback: (req: IncomingMessage) => req.headers.upgrade?.toLowerCase() === 'websocket',
    },
    createRequestListener({ routes, mask, isDraining, isHttps: publicUrl?.startsWith('https:') ?? false }),
  );
  closeConnectionsAfterAnswers(server, isDraining);
  // Behind proxies of ours all connections are theirs.
  if (options.trustedProxies === 0) limitConnections(server, socketLimits);
  server.on('upgrade', createUpgradeHandler({ role, hostRule, originRule, accept: webSockets.accept }));

  const port = await listen(server, host, options.port);
  const drain = () => {
    draining = true;
  };
  let closing: Promise<void> | undefined;
  return {
    // A worker is asked for its health, by whoever runs it; PUBLIC_URL leads to the API.
    url: ((role === 'api' ? publicUrl : null) ?? localUrl(host, port)).replace(/\/$/, ''),
    port,
    drain,
    close() {
      drain();
      closing ??= closeInOrder({ server, webSockets, openStreams, graceMs: options.closeGraceMs ?? 5_000 });
      return closing;
    },
  };
}
