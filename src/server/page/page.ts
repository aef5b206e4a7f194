import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedEncodings, matchesEtag } from '../http/negotiation.ts';
import { sendError, vary } from '../http/reply.ts';
import { type Asset, type BuiltPage, type Encoding, readBuiltPage } from './built-page.ts';

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
export function createPage({ graphiql, needsToken, read = readBuiltPage }: PageOptions): Page {
  let built: Promise<BuiltPage | null> | undefined;
  const load = async (): Promise<BuiltPage | null> => {
    built ??= read();
    const page = await built.catch(() => null);
    // Looked for again at the next visit, so that building it needs no restart.
    if (page === null) built = undefined;
    return page;
  };
  const attributes = `${graphiql ? ' data-graphiql' : ''}${needsToken ? ' data-needs-token' : ''}`;

  /** Addresses in the page are relative, so that it also works behind a proxy that adds a prefix. */
  const render = (html: string, path: string): string =>
    html
      .replace('<base href="./"', `<base href="${path === '/' ? './' : '../'}"`)
      .replace('<html lang="en"', `<html lang="en"${attributes}`);

  return {
    serves: (req, path) => path.startsWith(ASSETS_PATH) || ((path === '/' || isRoomPath(path)) && isPageVisit(req)),

    async serve(req, res, path) {
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        return sendError(res, 405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD.', { Allow: 'GET, HEAD' });
      }
      const page = await load();
      if (page === null) return sendNotBuilt(res);
      if (!path.startsWith(ASSETS_PATH)) return sendHtml(req, res, render(page.html, path));
      const asset = page.assets.get(path.slice(ASSETS_PATH.length));
      if (asset === undefined) return sendError(res, 404, 'NOT_FOUND', 'The page has no such file. Reload the page.');
      sendAsset(req, res, asset);
    },
  };
}

const isRoomPath = (path: string): boolean => /^\/rooms\/[^/]+$/.test(path);

const isPageVisit = ({ headers }: IncomingMessage): boolean => (headers.accept ?? '').includes('text/html');

function sendNotBuilt(res: ServerResponse): void {
  res.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(NOT_BUILT),
    'Cache-Control': 'no-store',
  });
  res.end(NOT_BUILT);
}

/** Browsers revalidate each time, and get 304 while the page is unchanged. */
function sendHtml(req: IncomingMessage, res: ServerResponse, html: string): void {
  const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  vary(res, 'Accept');
  res.setHeader('ETag', etag);
  res.setHeader('Cache-Control', 'no-cache');
  // Also with 304, whose headers replace those that the browser has stored.
  res.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  if (matchesEtag(req.headers['if-none-match'], etag)) {
    res.writeHead(304).end();
    return;
  }
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(html),
  });
  res.end(html);
}

function sendAsset(req: IncomingMessage, res: ServerResponse, { contentType, bodies }: Asset): void {
  vary(res, 'Accept-Encoding');
  const accepted = acceptedEncodings(req.headers['accept-encoding']);
  const encoding: Encoding =
    (['br', 'gzip'] as const).find((name) => accepted.has(name) && bodies[name] !== undefined) ?? 'identity';
  const body = bodies[encoding] ?? bodies.identity;
  res.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': body.byteLength,
    'Cache-Control': 'public, max-age=31536000, immutable',
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
  });
  res.end(body);
}
