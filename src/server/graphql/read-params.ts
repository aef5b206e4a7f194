import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { decodeBody } from './content-encoding.ts';
import { MAX_REQUEST_BYTES } from './engine.ts';

export type Params = Readonly<Record<string, unknown>>;

const EXPECTED = 'Send one JSON object in UTF-8, with the GraphQL document as `query`.';

/**
 * Reads the body of a POST request. Yoga would do it too, but it neither decompresses nor keeps what it cannot parse out
 * of its errors.
 * @throws {GraphQLError} with the HTTP status, if the body is not an operation; nothing of the body is repeated
 */
export async function readParams(req: IncomingMessage): Promise<Params> {
  const bytes = await decodeBody(await readBytes(req), req.headers['content-encoding'], MAX_REQUEST_BYTES);
  if (bytes === 'too large') throw tooLarge();
  if (bytes === 'corrupt') throw refused('The body is not in the encoding that Content-Encoding names.');
  if (bytes.length === 0) throw refused(`The body is empty. ${EXPECTED}`);
  const params = parseJson(bytes);
  if (Array.isArray(params)) {
    throw refused(
      'The body is a batch of operations, which this API does not support. Send each operation in a separate request.',
    );
  }
  if (!isObject(params)) throw refused(`The body is not a JSON object. ${EXPECTED}`);
  return params;
}

async function readBytes(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length']) > MAX_REQUEST_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // A destroyed request would take the response with it.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > MAX_REQUEST_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw refused('The request ended before its body did.');
  }
  if (length <= MAX_REQUEST_BYTES) return Buffer.concat(chunks, length);
  // What is left of the body stands before the connection's next request.
  req.resume();
  throw tooLarge();
}

/** Accepts a byte order mark. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refused(`The body is not valid JSON. ${EXPECTED}`);
  }
}

const isObject = (value: unknown): value is Params => typeof value === 'object' && value !== null;

const refused = (message: string, status = 400, code = 'BAD_REQUEST'): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

const tooLarge = (): GraphQLError =>
  refused(
    `The body is larger than ${MAX_REQUEST_BYTES.toLocaleString('en')} bytes, counted after decompression. Send less.`,
    413,
    'REQUEST_ENTITY_TOO_LARGE',
  );
