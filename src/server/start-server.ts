import { createServer, type IncomingMessage } from 'node:http';
import { createGraphiQL } from './graphiql/graphiql.ts';
import { createGraphQLEngine } from './graphql/engine.ts';
import { createGraphQLOverHttp } from './graphql/graphql-over-http.ts';
import { createErrorMask } from './graphql/mask-error.ts';
import { createHealthEndpoint } from './http/health-endpoint.ts';
import { listen, localUrl } from './http/listen.ts';
import { publicPathOf } from './http/public-path.ts';
import { createPublishedContent } from './http/published-content.ts';
import { createMalformedRefusal } from './http/refuse-malformed.ts';
import { createRequestGuard } from './http/request-guard.ts';
import { createRequestListener } from './http/request-listener.ts';
import { createSocketLimits, limitConnections, SOCKET_IDLE_MS } from './limits/socket-limits.ts';
import { createOperatorHints } from './operator-hints.ts';
import { createPage } from './page/page.ts';
import { createRoomLogEndpoint } from './room-log/room-log-endpoint.ts';
import type { RunningServer, ServerOptions } from './server-options.ts';
import { closeConnectionsAfterResponses, shutDown } from './shut-down.ts';
import { createOpenStreams } from './streams/open-streams.ts';
import { createGraphQLOverWebSocket } from './websocket/graphql-over-websocket.ts';
import { createUpgradeHandler } from './websocket/upgrade.ts';
import { createWebSocketEndpoint } from './websocket/websocket-endpoint.ts';

/** How long a client may take to send a request, in ms. Without a limit, slow senders would hold sockets forever. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node checks these timeouts; its default of 30 s would double the second. */
const CHECK_INTERVAL_MS = 5_000;
/**
 * Longer than the usual 60 s of load balancers. They must be the ones to close an idle connection: otherwise they might
 * send a request on it just as the server closes it.
 */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * Serves GraphQL over HTTP, SSE and WebSocket, the page, GraphiQL, rooms' logs, published content and health on one port.
 * @throws {ListenError} the port is in use, or the host is not an address of this machine
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { role, host, publicUrl, localViewer, corsOrigins, isUnavailable, log } = options;
  const { idleMs = SOCKET_IDLE_MS, keepAliveMs = 12_000, commentMs = 15_000, closeGraceMs = 5_000 } = options;
  const { bufferBytes = 256 * 1024, stallTimeoutMs = 60_000 } = options;
  let draining = false;
  const isDraining = () => draining;

  const mask = createErrorMask({ isUnavailable, log, suggestions: options.introspection });
  const guard = createRequestGuard(options);
  const warnOperator = createOperatorHints(log);
  const openStreams = createOpenStreams();
  const socketLimits = createSocketLimits(options.socketsPerViewer);
  const engine = createGraphQLEngine({ ...options, mask, openStreams, socketLimits });
  const publicPath = publicPathOf(publicUrl);
  const allowedHosts = { localViewer, host, publicUrl };
  const allowedOrigins = { corsOrigins, localViewer, publicUrl };
  const graphiql = options.graphiql ? createGraphiQL({ needsToken: !localViewer }) : null;

  const webSockets = createWebSocketEndpoint({
    protocol: createGraphQLOverWebSocket({ ...options, engine, guard, mask, socketLimits, idleMs }),
    addressOf: guard.addressOf,
    acquirePermit: socketLimits.sockets.ofAddress,
    isUnavailable,
    keepAliveMs,
    bufferBytes,
    stallTimeoutMs,
    warnOperator,
    ...(options.observer && { onClosed: options.observer.socketClosed }),
    log,
  });
  const routes = {
    role,
    allowedHosts,
    publicPath,
    graphiql,
    page: options.ui ? createPage({ graphiql: options.graphiql, needsToken: !localViewer }) : null,
    health: createHealthEndpoint({ health: options.health, isDraining, log }),
    graphql: createGraphQLOverHttp({
      engine,
      guard,
      mask,
      allowedOrigins,
      warnOperator,
      serveGraphiQL: graphiql?.servePage ?? null,
    }),
    deployments: createPublishedContent(options.content, guard),
    roomLog: createRoomLogEndpoint({
      logs: options.logs,
      guard,
      mask,
      allowedOrigins,
      openStreams,
      socketLimits,
      log,
      commentMs,
      stallTimeoutMs,
    }),
  };
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      // Some clients offer to upgrade to HTTP/2 (h2c): the offer is ignored.
      shouldUpgradeCallback: (req: IncomingMessage) => req.headers.upgrade?.toLowerCase() === 'websocket',
    },
    createRequestListener({ routes, mask, isDraining, isHttps: publicUrl?.startsWith('https:') ?? false }),
  );
  server.on('clientError', createMalformedRefusal(warnOperator));
  closeConnectionsAfterResponses(server, isDraining);
  // Behind a trusted proxy, all connections come from the proxy.
  if (options.trustedProxies === 0) limitConnections(server, socketLimits);
  server.on(
    'upgrade',
    createUpgradeHandler({ role, publicPath, allowedHosts, allowedOrigins, accept: webSockets.accept }),
  );

  const port = await listen(server, host, options.port);
  const drain = () => {
    draining = true;
  };
  let closing: Promise<void> | undefined;
  return {
    // PUBLIC_URL leads to the API; a worker is only reached directly, for its health.
    url: ((role === 'api' ? publicUrl : null) ?? localUrl(host, port)).replace(/\/$/, ''),
    port,
    eventStreams: openStreams.count,
    drain,
    close() {
      drain();
      closing ??= shutDown({ server, webSockets, openStreams, graceMs: closeGraceMs });
      return closing;
    },
  };
}
