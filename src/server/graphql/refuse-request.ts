import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { acceptsAnyType } from '../http/negotiation.ts';
import { ACCEPTED_ENCODINGS, isAcceptedEncoding } from './content-encoding.ts';

export type Refusal = {
  status: number;
  code: string;
  message: string;
  headers?: OutgoingHttpHeaders;
  /** The reason phrase, which some clients show instead of the message. */
  reason?: string;
};

export const METHODS = ['GET', 'POST'];
const ALLOW = { Allow: [...METHODS, 'OPTIONS'].join(', ') };
const ANSWER_TYPES = ['application/json', 'application/graphql-response+json', 'text/event-stream', 'multipart/mixed'];

/** graphql-sse with `singleConnection`: its client shows only the reason phrase. */
const SINGLE_CONNECTION = {
  message:
    'This API has no single-connection mode of GraphQL over SSE. Use distinct connections: create the graphql-sse client without `singleConnection`.',
  reason: 'Use distinct connections instead of singleConnection',
};

/** Why a request to /graphql is refused before its body is read and anything is executed; null if it is not. */
export function refusalOf(req: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): Refusal | null {
  const { method = '', headers } = req;
  const reservesStream = headers['x-graphql-event-stream-token'] !== undefined;
  if (!METHODS.includes(method)) {
    const notAllowed = { status: 405, code: 'METHOD_NOT_ALLOWED', headers: ALLOW };
    return method === 'PUT' || method === 'DELETE'
      ? { ...notAllowed, ...SINGLE_CONNECTION }
      : { ...notAllowed, message: 'Use GET or POST for GraphQL.' };
  }
  if (reservesStream) return { status: 400, code: 'BAD_REQUEST', ...SINGLE_CONNECTION };
  if (!acceptsAnyType(headers.accept, ANSWER_TYPES)) {
    const message =
      'Send the header Accept: application/json, or text/event-stream for a subscription. Answers have no other type.';
    return { status: 406, code: 'NOT_ACCEPTABLE', message };
  }
  return method === 'POST' ? refusalOfBody(req) : refusalOfParameters(req);
}

function refusalOfBody({ headers }: Pick<IncomingMessage, 'headers'>): Refusal | null {
  const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };
  if (!isJson(headers['content-type'])) {
    const message = 'Send the operation as JSON, with the header Content-Type: application/json.';
    return { ...unsupported, message };
  }
  if (!isAcceptedEncoding(headers['content-encoding'])) {
    const message = `Send the body uncompressed, or with one of these as Content-Encoding: ${ACCEPTED_ENCODINGS}.`;
    return { ...unsupported, message, headers: { 'Accept-Encoding': ACCEPTED_ENCODINGS } };
  }
  return null;
}

/** Against CSRF: a page can send other content types (a form's, text/plain) without a preflight. */
const isJson = (contentType = ''): boolean => contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/** A GET parameter that is not JSON. Yoga itself would report it as a server error. */
function refusalOfParameters({ url = '' }: Pick<IncomingMessage, 'url'>): Refusal | null {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  const malformed = ['variables', 'extensions'].find((name) => {
    const text = query.get(name);
    return text !== null && text !== '' && !isJsonText(text);
  });
  if (malformed === undefined) return null;
  return { status: 400, code: 'BAD_REQUEST', message: `The parameter \`${malformed}\` must be a JSON object.` };
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
