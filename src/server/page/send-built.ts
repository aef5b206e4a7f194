import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedEncodings, matchesEtag } from '../http/negotiation.ts';
import { sendError, vary } from '../http/reply.ts';
import type { Asset, Encoding } from './built-page.ts';

/** Answers anything but GET and HEAD. */
export function refusesMethod(req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method === 'GET' || req.method === 'HEAD') return false;
  sendError(res, 405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD.', { Allow: 'GET, HEAD' });
  return true;
}

export function sendNotBuilt(res: ServerResponse, text: string): void {
  res.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  res.end(text);
}

/** Browsers revalidate each time, and get 304 while the page is unchanged. */
export function sendHtml(req: IncomingMessage, res: ServerResponse, html: string, policy: string): void {
  const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  vary(res, 'Accept');
  res.setHeader('ETag', etag);
  res.setHeader('Cache-Control', 'no-cache');
  // Also with 304, whose headers replace those that the browser has stored.
  res.setHeader('Content-Security-Policy', policy);
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

/** Names contain a hash, so browsers keep the files. */
export function sendAsset(req: IncomingMessage, res: ServerResponse, asset: Asset | undefined): void {
  if (asset === undefined) {
    sendError(res, 404, 'NOT_FOUND', 'The page has no such file. Reload the page.');
    return;
  }
  const { contentType, bodies } = asset;
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
