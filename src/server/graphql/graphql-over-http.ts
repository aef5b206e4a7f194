import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import { cors } from '../http/cors.ts';
import { sendError, sendMasked } from '../http/reply.ts';
import type { RequestGuard } from '../http/request-guard.ts';
import type { GraphQLEngine } from './engine.ts';
import type { MaskError } from './mask-error.ts';

export type GraphQLOverHttpOptions = {
  engine: GraphQLEngine;
  guard: RequestGuard;
  mask: MaskError;
  allowedOrigins: AllowedOrigins;
  /** Serves GraphiQL to browsers; null: GraphiQL is off. */
  serveGraphiQL: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | null;
};

/** /graphql: checks origin, content type and caller; then Yoga answers POST, GET and SSE. */
export function createGraphQLOverHttp(options: GraphQLOverHttpOptions) {
  const { engine, guard, mask, allowedOrigins, serveGraphiQL } = options;
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (!cors(allowedOrigins, req, res, ['GET', 'POST'])) return;
    if (serveGraphiQL !== null && isPageVisit(req)) return serveGraphiQL(req, res);
    if (req.method === 'POST' && !isJson(req)) {
      const message = 'Send the operation as JSON, with the header Content-Type: application/json.';
      return sendError(res, 415, 'UNSUPPORTED_MEDIA_TYPE', message);
    }
    const malformed = malformedParameter(req);
    if (malformed !== undefined) {
      return sendError(res, 400, 'BAD_REQUEST', `The parameter \`${malformed}\` must be a JSON object.`);
    }
    // Yoga expects this exact spelling.
    if (req.method === 'POST') req.headers['content-type'] = 'application/json';
    let caller: Caller;
    try {
      caller = await guard.request(req);
    } catch (error) {
      return sendMasked(res, mask(error));
    }
    await engine(req, res, { address: guard.addressOf(req), caller, req, res });
  };
}

const isPageVisit = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');

/** The name of a GET parameter that is not JSON. Yoga itself would report it as a server error. */
function malformedParameter({ method, url = '' }: IncomingMessage): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  return ['variables', 'extensions'].find((name) => {
    const text = query.get(name);
    return text !== null && text !== '' && !isJsonText(text);
  });
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Against CSRF: a page can send other content types (a form's, text/plain) without a preflight. */
const isJson = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
