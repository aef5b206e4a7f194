import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphiQL } from '../graphiql/graphiql.ts';
import type { Page } from '../page/page.ts';
import { parseRoomLogPath, type RoomLogPath } from '../room-log/parse-request.ts';
import type { ServerRole } from '../server-options.ts';
import { type AllowedHosts, forbiddenHost, isAllowedHost } from './allowed-hosts.ts';
import { DEPLOYMENTS_PATH } from './published-content.ts';
import { sendError, sendJson } from './reply.ts';

export const GRAPHQL_PATH = '/graphql';

export type Routes = {
  role: ServerRole;
  allowedHosts: AllowedHosts;
  /** See `publicPathOf`. */
  publicPath: string;
  /** Null: GraphiQL is off. */
  graphiql: GraphiQL | null;
  /** Null: neither the page nor an index is served. */
  page: Page | null;
  health: (res: ServerResponse, path: string) => Promise<void>;
  graphql: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  deployments: (req: IncomingMessage, res: ServerResponse, path: string) => Promise<void>;
  roomLog: (req: IncomingMessage, res: ServerResponse, path: RoomLogPath) => Promise<void>;
};

/** The path without the query; null for anything else, such as the absolute URL of a proxy request. */
export function pathOf(target: string | undefined): string | null {
  return target?.startsWith('/') ? (target.split('?', 1)[0] ?? null) : null;
}

/** Passes a request to the handler of its path. */
export async function route(routes: Routes, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = pathOf(req.url);
  // Probes may use any host name: health reveals nothing, and must not depend on PUBLIC_URL.
  if (path?.startsWith('/health/')) return routes.health(res, path);
  if (routes.role === 'api') {
    if (!isAllowedHost(routes.allowedHosts, req.headers.host)) {
      return sendError(res, 403, 'FORBIDDEN_HOST', forbiddenHost(req.headers.host));
    }
    if (path === GRAPHQL_PATH) return routes.graphql(req, res);
    if (path !== null && routes.graphiql?.servesAsset(path)) return routes.graphiql.serveAsset(req, res, path);
    if (path?.startsWith(DEPLOYMENTS_PATH)) return routes.deployments(req, res, path);
    const roomLog = path === null ? null : parseRoomLogPath(path);
    if (roomLog !== null) return routes.roomLog(req, res, roomLog);
    if (routes.page !== null && path !== null) {
      if (routes.page.serves(req, path)) return routes.page.serve(req, res, path);
      // For programs.
      if (path === '/') return sendIndex(res, routes);
    }
  }
  sendError(
    res,
    404,
    'NOT_FOUND',
    `Nothing is served at this path. GraphQL is at ${routes.publicPath}${GRAPHQL_PATH}.`,
  );
}

function sendIndex(res: ServerResponse, { graphiql, publicPath }: Routes): void {
  // Relative, so that it also works behind a proxy that adds a prefix.
  if (graphiql !== null) res.writeHead(302, { Location: GRAPHQL_PATH.slice(1) }).end();
  else {
    const paths = { graphql: GRAPHQL_PATH, live: '/health/live', ready: '/health/ready' };
    sendJson(res, 200, Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, publicPath + path])));
  }
}
