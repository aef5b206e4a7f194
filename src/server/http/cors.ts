import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AllowedOrigins, forbiddenOrigin, isAllowedOrigin } from './allowed-origins.ts';
import { sendError, vary } from './reply.ts';

/**
 * Refuses pages from other origins, lets pages from allowed ones read the response, and answers OPTIONS. Credentials
 * are not allowed: there are no cookies, and tokens are sent in a header.
 * @param methods what the path serves besides OPTIONS
 * @returns false if the request is answered
 */
export function cors(
  allowed: AllowedOrigins,
  req: IncomingMessage,
  res: ServerResponse,
  methods: readonly string[],
): boolean {
  vary(res, 'Origin');
  const { origin, host } = req.headers;
  if (origin === undefined) {
    if (isEmbeddedElsewhere(req)) {
      sendError(res, 403, 'FORBIDDEN_ORIGIN', 'Pages from other sites may not embed this URL.');
      return false;
    }
  } else {
    if (!isAllowedOrigin(allowed, origin, host)) {
      sendError(res, 403, 'FORBIDDEN_ORIGIN', forbiddenOrigin(origin));
      return false;
    }
    allowOrigin(req, res, origin, methods);
  }
  if (req.method !== 'OPTIONS') return true;
  res.writeHead(204, { Allow: [...methods, 'OPTIONS'].join(', ') }).end();
  return false;
}

/** An `<img>` on another site, say, sends no Origin. It could not read the response, but would make the server work. */
const isEmbeddedElsewhere = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';

function allowOrigin(req: IncomingMessage, res: ServerResponse, origin: string, methods: readonly string[]): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  if (req.method !== 'OPTIONS') return;
  res.setHeader('Access-Control-Allow-Methods', methods.join(', '));
  res.setHeader('Access-Control-Allow-Headers', req.headers['access-control-request-headers'] ?? 'content-type');
  res.setHeader('Access-Control-Max-Age', '600');
}
