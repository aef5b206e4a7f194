import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BuiltPage, keepBuiltPage, readBuiltPage } from './built-page.ts';
import { refusesMethod, sendAsset, sendHtml, sendNotBuilt } from './send-built.ts';

/** Beside this file in a checkout, and in the published package. */
const BUILT = new URL('./built/', import.meta.url);

/** No inline script, and nothing from another origin. Published pages are shown in a sandboxed frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ASSETS_PATH = '/assets/';

const NOT_BUILT =
  'The page has not been built. Run `npm run build:page`, then reload. The API at /graphql works without it.\n';

export type PageOptions = {
  /** Whether GraphiQL is served, so that the page may link to it. */
  graphiql: boolean;
  /** Whether the API needs a token, so that the page asks for one first. */
  needsToken: boolean;
  /** Replaced by tests. */
  read?: () => Promise<BuiltPage | null>;
};

export type Page = {
  /** Whether the request is for the page or one of its files. */
  serves(req: IncomingMessage, path: string): boolean;
  serve(req: IncomingMessage, res: ServerResponse, path: string): Promise<void>;
};

/** The page at / and /rooms/:roomId, for browsers. It is read at the first visit and kept in memory. */
export function createPage({ graphiql, needsToken, read = () => readBuiltPage(BUILT) }: PageOptions): Page {
  const load = keepBuiltPage(read);
  const attributes = `${graphiql ? ' data-graphiql' : ''}${needsToken ? ' data-needs-token' : ''}`;

  /** Addresses in the page are relative, so that it also works behind a proxy that adds a prefix. */
  const render = (html: string, path: string): string =>
    html
      .replace('<base href="./"', `<base href="${path === '/' ? './' : '../'}"`)
      .replace('<html lang="en"', `<html lang="en"${attributes}`);

  return {
    serves: (req, path) => path.startsWith(ASSETS_PATH) || ((path === '/' || isRoomPath(path)) && isPageVisit(req)),

    async serve(req, res, path) {
      if (refusesMethod(req, res)) return;
      const page = await load();
      if (page === null) return sendNotBuilt(res, NOT_BUILT);
      if (!path.startsWith(ASSETS_PATH)) return sendHtml(req, res, render(page.html, path), CONTENT_SECURITY_POLICY);
      sendAsset(req, res, page.assets.get(path.slice(ASSETS_PATH.length)));
    },
  };
}

const isRoomPath = (path: string): boolean => /^\/rooms\/[^/]+$/.test(path);

const isPageVisit = ({ headers }: IncomingMessage): boolean => (headers.accept ?? '').includes('text/html');
