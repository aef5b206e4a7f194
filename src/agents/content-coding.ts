import { pipeline, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { badResponse, excerpt } from './failures.ts';

/** We ask for no compression, since it delays progress lines; a response that is compressed anyway is decompressed. */
const DECODERS: Record<string, ((first: Uint8Array) => Transform) | undefined> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  // Meant is the zlib format, but some servers send the bare deflate format, as old browsers understood it.
  deflate: ([first = 0]) => ((first & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()),
  br: () => zlib.createBrotliDecompress(),
  // Missing in Node before 22.15.
  ...(zlib.createZstdDecompress && { zstd: () => zlib.createZstdDecompress() }),
};

/** More than anybody needs. Each coding may multiply the size once more. */
const MAX_CODINGS = 3;
const NO_CODINGS = ['', 'identity', 'none'];

/**
 * The body without the codings of its Content-Encoding, which may be a list. An empty body is empty in every coding.
 * @throws {FailedAttempt} BAD_RESPONSE, when it is read, for an unknown coding or a body that is not in the coding
 */
export async function* decodedBody(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string | null,
): AsyncGenerator<Uint8Array> {
  let decoded = body;
  for (const { name, decoder } of decoders(contentEncoding)) decoded = decode(decoded, name, decoder);
  yield* decoded;
}

/** In the order in which they are undone: the last one first. */
function decoders(contentEncoding: string | null) {
  const names = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !NO_CODINGS.includes(name));
  if (names.length > MAX_CODINGS) throw badResponse(`the response has more than ${MAX_CODINGS} Content-Encodings`);
  return names.toReversed().map((name) => {
    const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
    if (decoder === undefined) throw badResponse(unsupported(name));
    return { name, decoder };
  });
}

function unsupported(name: string): string {
  const reason = name === 'zstd' ? 'needs Node.js 22.15 or newer here' : 'is not supported';
  return `the response has the Content-Encoding ${excerpt(name, 40)}, which ${reason}: send it uncompressed`;
}

async function* decode(
  body: AsyncIterable<Uint8Array>,
  name: string,
  createDecoder: (first: Uint8Array) => Transform,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  let bodyError: unknown = null;
  async function* encoded() {
    try {
      yield first.value;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } catch (error) {
      bodyError = error;
      throw error;
    } finally {
      await chunks.return?.();
    }
  }
  try {
    yield* pipeline(encoded, createDecoder(first.value), () => {});
  } catch (error) {
    const reason = error instanceof Error ? excerpt(error.message, 80) : '';
    const message = `the response body could not be decompressed: its Content-Encoding is ${name}, but its bytes are not (${reason})`;
    throw bodyError ?? badResponse(message);
  }
}
