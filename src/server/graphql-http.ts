import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLEngine } from './graphql-engine.ts';
import type { MaskError } from './mask-error.ts';
import type { Caller, Identify } from './options.ts';
import { forbiddenOrigin, isAllowedOrigin, type OriginRule } from './origin-rule.ts';
import { sendError, sendMasked, vary } from './reply.ts';

export type GraphQLHttpOptions = {
  engine: GraphQLEngine;
  identify: Identify;
  mask: MaskError;
  originRule: OriginRule;
  /** Serves GraphiQL to browsers; null: it is off. */
  servePage: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | null;
};

/** /graphql: what a web page may do is decided here, then Yoga answers POST, GET and SSE. */
export function createGraphQLHttp({ engine, identify, mask, originRule, servePage }: GraphQLHttpOptions) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    vary(res, 'Origin');
    const { origin, host } = req.headers;
    if (origin !== undefined) {
      if (!isAllowedOrigin(originRule, origin, host))
        return sendError(res, 403, 'FORBIDDEN_ORIGIN', forbiddenOrigin(origin));
      allowOrigin(req, res, origin);
    }
    if (req.method === 'OPTIONS') {
      res.writeHead(204, { Allow: 'GET, POST, OPTIONS' }).end();
      return;
    }
    if (servePage !== null && isBrowserVisit(req)) return servePage(req, res);
    if (req.method === 'POST' && !isJson(req)) {
      const message = 'Send the operation as JSON, with the header Content-Type: application/json.';
      return sendError(res, 415, 'UNSUPPORTED_MEDIA_TYPE', message);
    }
    let caller: Caller;
    try {
      caller = await identify({ authorization: req.headers.authorization ?? null });
    } catch (error) {
      return sendMasked(res, mask(error));
    }
    await engine(req, res, { req, res, caller });
  };
}

/** No credentials: a token is sent in a header, and there are no cookies. */
function allowOrigin(req: IncomingMessage, res: ServerResponse, origin: string): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  if (req.method !== 'OPTIONS') return;
  res.setHeader('Access-Control-Allow-Methods', 'GET, POST');
  res.setHeader('Access-Control-Allow-Headers', req.headers['access-control-request-headers'] ?? 'content-type');
  res.setHeader('Access-Control-Max-Age', '600');
}

const isBrowserVisit = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');

/** The other content types a page can send without asking first (a form's, text/plain) are refused: that is CSRF. */
const isJson = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
