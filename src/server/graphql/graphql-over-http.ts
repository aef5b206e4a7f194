import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import { cors } from '../http/cors.ts';
import { sendError, sendMasked } from '../http/reply.ts';
import type { RequestGuard } from '../http/request-guard.ts';
import type { WarnOperator } from '../operator-hints.ts';
import { isHandshakeWithoutUpgrade, missingUpgrade } from '../websocket/missing-upgrade.ts';
import type { GraphQLEngine } from './engine.ts';
import type { MaskError } from './mask-error.ts';
import { readParams } from './read-params.ts';
import { METHODS, refusalOf } from './refuse-request.ts';

export type GraphQLOverHttpOptions = {
  engine: GraphQLEngine;
  guard: RequestGuard;
  mask: MaskError;
  allowedOrigins: AllowedOrigins;
  warnOperator: WarnOperator;
  /** Serves GraphiQL to browsers; null: GraphiQL is off. */
  serveGraphiQL: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | null;
};

/** /graphql: checks origin, headers and caller, reads the body; then Yoga answers POST, GET and SSE. */
export function createGraphQLOverHttp(options: GraphQLOverHttpOptions) {
  const { engine, guard, mask, allowedOrigins, warnOperator, serveGraphiQL } = options;
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (!cors(allowedOrigins, req, res, METHODS)) return;
    if (isHandshakeWithoutUpgrade(req)) {
      const message = missingUpgrade(req);
      warnOperator(message);
      return sendError(res, 426, 'UPGRADE_REQUIRED', message, { Upgrade: 'websocket', Connection: 'Upgrade' });
    }
    if (serveGraphiQL !== null && isPageVisit(req)) return serveGraphiQL(req, res);
    const refusal = refusalOf(req);
    if (refusal !== null) {
      if (refusal.reason !== undefined) res.statusMessage = refusal.reason;
      return sendError(res, refusal.status, refusal.code, refusal.message, refusal.headers);
    }
    let caller: Caller;
    try {
      caller = await guard.request(req);
      // Yoga takes a parsed body from here, as body parsers leave it; one without properties it would not recognize.
      if (req.method === 'POST') Object.assign(req, { body: { query: undefined, ...(await readParams(req)) } });
    } catch (error) {
      return sendMasked(res, mask(error));
    }
    // Yoga expects this exact spelling.
    if (req.method === 'POST') req.headers['content-type'] = 'application/json';
    // Answers belong to one viewer: a proxy with a cache must not keep them.
    res.setHeader('Cache-Control', 'no-store');
    await engine(req, res, { address: guard.addressOf(req), caller, req, res });
  };
}

const isPageVisit = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
