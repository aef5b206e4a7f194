import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import type { OriginRule } from '../http/allowed-origins.ts';
import { admitPage } from '../http/cors.ts';
import { sendError, sendMasked } from '../http/reply.ts';
import type { Admission } from '../http/request-guard.ts';
import type { GraphQLEngine } from './engine.ts';
import type { MaskError } from './mask-error.ts';

export type GraphQLHttpOptions = {
  engine: GraphQLEngine;
  admission: Admission;
  mask: MaskError;
  originRule: OriginRule;
  /** Serves GraphiQL to browsers; null: it is off. */
  servePage: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | null;
};

/** /graphql: what a web page may do is decided here, then Yoga answers POST, GET and SSE. */
export function createGraphQLHttp({ engine, admission, mask, originRule, servePage }: GraphQLHttpOptions) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (!admitPage(originRule, req, res, ['GET', 'POST'])) return;
    if (servePage !== null && isBrowserVisit(req)) return servePage(req, res);
    if (req.method === 'POST' && !isJson(req)) {
      const message = 'Send the operation as JSON, with the header Content-Type: application/json.';
      return sendError(res, 415, 'UNSUPPORTED_MEDIA_TYPE', message);
    }
    const malformed = malformedParameter(req);
    if (malformed !== undefined) {
      return sendError(res, 400, 'BAD_REQUEST', `The parameter \`${malformed}\` must be a JSON object.`);
    }
    // Yoga compares it as it is written.
    if (req.method === 'POST') req.headers['content-type'] = 'application/json';
    let caller: Caller;
    try {
      caller = await admission.request(req);
    } catch (error) {
      return sendMasked(res, mask(error));
    }
    await engine(req, res, { address: admission.addressOf(req), caller, req, res });
  };
}

const isBrowserVisit = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');

/** Of a GET: Yoga alone takes it for a fault of ours. */
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

/** The other content types a page can send without asking first (a form's, text/plain) are refused: that is CSRF. */
const isJson = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
