import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { acceptedEncodings, matchesEtag } from '../http/negotiation.ts';
import { vary } from '../http/reply.ts';
import { DEFAULT_TABS } from './default-tabs.ts';

/** The page contains everything; the browser may fetch nothing except from this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

type Encoding = 'br' | 'gzip' | 'identity';

/** Compresses 9 MB to 2 MB in 0.3 s, for which the first visitor waits. A tenth less would take 3 s. */
const BROTLI_QUALITY = 5;

const compress: Record<Encoding, (page: Buffer) => Promise<Buffer>> = {
  br: (page) => promisify(brotliCompress)(page, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (page) => promisify(gzip)(page),
  identity: async (page) => page,
};

/**
 * Serves GraphiQL, which is rendered and compressed at the first visit and kept in memory.
 * @param needsToken whether subscriptions use SSE, to which the editor's headers apply, instead of a WebSocket
 */
export function createGraphiQL({ needsToken }: { needsToken: boolean }) {
  let page: Promise<{ bytes: Buffer; hash: string }> | undefined;
  const encoded = new Map<Encoding, Promise<Buffer>>();

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    vary(res, 'Accept');
    vary(res, 'Accept-Encoding');
    page ??= renderPage(needsToken ? 'SSE' : 'WS');
    const { bytes, hash } = await page;
    const accepted = acceptedEncodings(req.headers['accept-encoding']);
    const encoding = (['br', 'gzip'] as const).find((name) => accepted.has(name)) ?? 'identity';
    const etag = `"${hash}-${encoding}"`;
    // Browsers revalidate each time, and get 304 while the page is unchanged.
    res.setHeaders(
      new Map([
        ['ETag', etag],
        ['Cache-Control', 'no-cache'],
        // Also with 304, whose headers replace those that the browser has stored.
        ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
      ]),
    );
    if (matchesEtag(req.headers['if-none-match'], etag)) {
      res.writeHead(304).end();
      return;
    }
    const body = encoded.get(encoding) ?? compress[encoding](bytes);
    encoded.set(encoding, body);
    const content = await body;
    res.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': content.byteLength,
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    });
    res.end(content);
  };
}

async function renderPage(subscriptionsProtocol: 'SSE' | 'WS') {
  // Loaded on demand: it is 9 MB of source, and many servers are never visited with a browser.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({ title: 'HauntedAI', subscriptionsProtocol, defaultTabs: DEFAULT_TABS });
  const bytes = Buffer.from(html.trimStart());
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22) };
}
