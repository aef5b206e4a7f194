import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BuiltPage, keepBuiltPage, readBuiltPage } from '../page/built-page.ts';
import { refusesMethod, sendAsset, sendHtml, sendNotBuilt } from '../page/send-built.ts';

/** Beside this file in a checkout, and in the published package. */
const BUILT = new URL('./built/', import.meta.url);

/** Its files are below the API, which a proxy passes on in any case. */
const ASSETS_PATH = '/graphql/assets/';

/** No inline script, and nothing from another origin. The editor writes its own style sheets and has fonts in them. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT =
  'GraphiQL has not been built. Run `npm run build:page`, then reload. The API at this address works without it.\n';

export type GraphiQLOptions = {
  /** Whether subscriptions use SSE, to which the editor's headers apply, instead of a WebSocket. */
  needsToken: boolean;
  /** Replaced by tests. */
  read?: () => Promise<BuiltPage | null>;
};

export type GraphiQL = {
  /** Sends the page, at /graphql. */
  servePage(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Whether the path is that of one of its files. */
  servesAsset(path: string): boolean;
  serveAsset(req: IncomingMessage, res: ServerResponse, path: string): Promise<void>;
};

/** GraphiQL (web/graphiql), for browsers. It is read at the first visit and kept in memory. */
export function createGraphiQL({ needsToken, read = () => readBuiltPage(BUILT) }: GraphiQLOptions): GraphiQL {
  const load = keepBuiltPage(read);
  const render = (html: string): string =>
    needsToken ? html.replace('<html lang="en"', '<html lang="en" data-needs-token') : html;

  return {
    async servePage(req, res) {
      const page = await load();
      if (page === null) return sendNotBuilt(res, NOT_BUILT);
      sendHtml(req, res, render(page.html), CONTENT_SECURITY_POLICY);
    },
    servesAsset: (path) => path.startsWith(ASSETS_PATH),
    async serveAsset(req, res, path) {
      if (refusesMethod(req, res)) return;
      const page = await load();
      if (page === null) return sendNotBuilt(res, NOT_BUILT);
      sendAsset(req, res, page.assets.get(path.slice(ASSETS_PATH.length)));
    },
  };
}
