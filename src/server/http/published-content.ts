import type { IncomingMessage, ServerResponse } from 'node:http';
import { CID } from 'multiformats/cid';
import type { ContentStore } from '../../orchestrator/ports/content.ts';
import { matchesEtag } from './negotiation.ts';
import { sendError } from './reply.ts';
import type { RequestGuard } from './request-guard.ts';

/**
 * Agents write these pages, so they are not trusted. The sandbox gives each the origin `null`, which the API refuses; the
 * other directives let a page load nothing but what it contains.
 */
const CONTENT_SECURITY_POLICY = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'media-src data:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const DEPLOYMENTS_PATH = '/deployments/';

/** /deployments/<cid>/: pages, images and stories that the built-in agents published. */
export function createPublishedContent(content: Pick<ContentStore, 'get'>, guard: Pick<RequestGuard, 'publicRequest'>) {
  return async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return sendError(res, 405, 'METHOD_NOT_ALLOWED', 'Deployments are read-only. Use GET or HEAD.', {
        Allow: 'GET, HEAD',
      });
    }
    const [, text = '', rest] = /^\/deployments\/([^/]*)(.*)$/.exec(path) ?? [];
    const cid = parseCid(text);
    if (cid === null)
      return sendError(res, 400, 'INVALID_INPUT', 'The path must be /deployments/<cid>/ with a valid CID.');
    if (rest === '') {
      // Relative, so that it also works behind a proxy that adds a prefix.
      res.writeHead(308, { Location: `${text}/` }).end();
      return;
    }
    await guard.publicRequest(req);
    const found = rest === '/' ? await content.get(cid) : null;
    if (found === null) return sendError(res, 404, 'NOT_FOUND', 'Nothing is published under this CID.');

    const etag = `"${cid}"`;
    res.removeHeader('X-Frame-Options');
    res.setHeaders(
      new Map([
        ['ETag', etag],
        ['Cache-Control', 'public, max-age=31536000, immutable'],
        // These also with 304, whose headers replace those that the browser has stored.
        ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
        // Any site may show the content, also in a frame: the sandbox applies there as well.
        ['Cross-Origin-Resource-Policy', 'cross-origin'],
      ]),
    );
    if (matchesEtag(req.headers['if-none-match'], etag)) {
      res.writeHead(304).end();
      return;
    }
    res.writeHead(200, {
      'Content-Type': found.contentType,
      'Content-Length': found.bytes.byteLength,
    });
    res.end(found.bytes);
  };
}

/** Normalizes a CID to version 1 in base32, as it is stored; null if `text` is not a CID. */
function parseCid(text: string): string | null {
  try {
    return CID.parse(text).toV1().toString();
  } catch {
    return null;
  }
}
