import type { IncomingMessage, ServerResponse } from 'node:http';
import { CID } from 'multiformats/cid';
import type { ContentStore } from '../../orchestrator/ports/content.ts';
import { hasVersion } from './negotiation.ts';
import { sendError } from './reply.ts';
import type { Admission } from './request-guard.ts';

/**
 * Agents wrote these pages. The sandbox gives each an origin of its own (`null`), which the API refuses, and the rest
 * lets it load nothing but what it holds itself.
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

/** /deployments/<cid>/: what the built-in agents published, pages, images and stories alike. */
export function createPublishedContent(content: Pick<ContentStore, 'get'>, { anybody }: Pick<Admission, 'anybody'>) {
  return async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return sendError(res, 405, 'METHOD_NOT_ALLOWED', 'Deployments can only be read.', { Allow: 'GET, HEAD' });
    }
    const [, text = '', rest] = /^\/deployments\/([^/]*)(.*)$/.exec(path) ?? [];
    const cid = parseCid(text);
    if (cid === null) return sendError(res, 400, 'INVALID_INPUT', 'The address holds no valid CID.');
    if (rest === '') {
      // Relative, so that it is right behind a proxy that adds a prefix as well.
      res.writeHead(308, { Location: `${text}/` }).end();
      return;
    }
    await anybody(req);
    const found = rest === '/' ? await content.get(cid) : null;
    if (found === null) return sendError(res, 404, 'NOT_FOUND', 'Nothing was published under this address.');

    const etag = `"${cid}"`;
    res.removeHeader('X-Frame-Options');
    res.setHeaders(
      new Map([
        ['ETag', etag],
        ['Cache-Control', 'public, max-age=31536000, immutable'],
      ]),
    );
    if (hasVersion(req.headers['if-none-match'], etag)) {
      res.writeHead(304).end();
      return;
    }
    res.writeHead(200, {
      'Content-Type': found.contentType,
      'Content-Length': found.bytes.byteLength,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      // Made to be looked at from anywhere, in a frame as well: the sandbox is theirs wherever they are.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    res.end(found.bytes);
  };
}

/** As it is stored: version 1 in base32, however the address spells it. */
function parseCid(text: string): string | null {
  try {
    return CID.parse(text).toV1().toString();
  } catch {
    return null;
  }
}
