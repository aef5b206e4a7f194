import type { IncomingMessage, ServerResponse } from 'node:http';
import { forbiddenOrigin, isAllowedOrigin, type OriginRule } from './allowed-origins.ts';
import { sendError, vary } from './reply.ts';

/**
 * What a web page may do here: a page from elsewhere is refused, one that is allowed may read the answer, and a
 * preflight is answered. No credentials: a token is sent in a header, and there are no cookies.
 * @param methods what the path serves besides OPTIONS
 * @returns false when the request has its answer
 */
export function admitPage(
  rule: OriginRule,
  req: IncomingMessage,
  res: ServerResponse,
  methods: readonly string[],
): boolean {
  vary(res, 'Origin');
  const { origin, host } = req.headers;
  if (origin !== undefined) {
    if (!isAllowedOrigin(rule, origin, host)) {
      sendError(res, 403, 'FORBIDDEN_ORIGIN', forbiddenOrigin(origin));
      return false;
    }
    allowOrigin(req, res, origin, methods);
  }
  // No Origin, and yet a page from elsewhere: an <img>, say, whose answer it could not read, but let us work for.
  if (origin === undefined && isEmbeddedElsewhere(req)) {
    sendError(res, 403, 'FORBIDDEN_ORIGIN', 'Pages from elsewhere may not load this.');
    return false;
  }
  if (req.method !== 'OPTIONS') return true;
  res.writeHead(204, { Allow: [...methods, 'OPTIONS'].join(', ') }).end();
  return false;
}

const isEmbeddedElsewhere = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';

function allowOrigin(req: IncomingMessage, res: ServerResponse, origin: string, methods: readonly string[]): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  if (req.method !== 'OPTIONS') return;
  res.setHeader('Access-Control-Allow-Methods', methods.join(', '));
  res.setHeader('Access-Control-Allow-Headers', req.headers['access-control-request-headers'] ?? 'content-type');
  res.setHeader('Access-Control-Max-Age', '600');
}
