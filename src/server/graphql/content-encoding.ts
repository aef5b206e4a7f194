import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';

type Decode = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const [fromGzip, fromBrotli, fromZlib, fromRawDeflate] = [
  promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
  promisify<Buffer, ZlibOptions, Buffer>(inflate),
  promisify<Buffer, ZlibOptions, Buffer>(inflateRaw),
];

/** `deflate` means the zlib format, but some clients send raw deflate. */
const fromDeflate: Decode = (bytes, options) => (hasZlibHeader(bytes) ? fromZlib : fromRawDeflate)(bytes, options);

const hasZlibHeader = (bytes: Buffer): boolean =>
  bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE() % 31 === 0;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: fromGzip,
  'x-gzip': fromGzip,
  deflate: fromDeflate,
  br: fromBrotli,
};

/** What a client may send, for the header Accept-Encoding of a refusal. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** Names that mean the bytes as they are; `none` is not a registered one, but is sent. */
const AS_THEY_ARE = ['', 'identity', 'none'];

const nameOf = (header: string | undefined): string => (header ?? '').trim().toLowerCase();

/** Whether a body with this Content-Encoding header can be read. */
export const isAcceptedEncoding = (header: string | undefined): boolean =>
  AS_THEY_ARE.includes(nameOf(header)) || Object.hasOwn(DECODERS, nameOf(header));

/**
 * Undoes an accepted encoding.
 * @param maxBytes of the result: decompression stops there, so that a small body cannot fill the memory
 */
export async function decodeBody(
  bytes: Buffer,
  header: string | undefined,
  maxBytes: number,
): Promise<Buffer | 'too large' | 'corrupt'> {
  const decode = DECODERS[nameOf(header)];
  if (decode === undefined) return bytes;
  try {
    return await decode(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'corrupt';
  }
}
