import { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WarnOperator } from '../operator-hints.ts';
import { sendRawError } from './raw-response.ts';

type Refusal = { status: number; code: string; message: string };

/** Beginnings of other protocols, which clients and proxies send if they are set up for those. */
const DIALECTS: readonly { begins: Buffer; message: string }[] = [
  {
    // The record type and major version of a TLS handshake.
    begins: Buffer.from([0x16, 0x03]),
    message: 'A client speaks TLS to this port, which speaks plain HTTP: use http://, or a proxy that terminates TLS.',
  },
  {
    begins: Buffer.from('PRI * HTTP/2.0'),
    message: 'A client speaks HTTP/2 to this port, which speaks HTTP/1.1: let the proxy or the client use HTTP/1.1.',
  },
  {
    begins: Buffer.from('PROXY '),
    message:
      'A proxy sends the PROXY protocol, which this service does not read: turn it off there (HAProxy: remove send-proxy), and let the proxy set X-Forwarded-For.',
  },
  {
    begins: Buffer.from('\r\n\r\n\0\r\nQUIT\n'),
    message:
      'A proxy sends the PROXY protocol, which this service does not read: turn it off there (HAProxy: remove send-proxy-v2), and let the proxy set X-Forwarded-For.',
  },
];

/** Node's errors for requests that are HTTP, but not acceptable. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'HEADERS_TOO_LARGE', message: 'The headers are larger than 16 KiB.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, code: 'BAD_REQUEST', message: 'The chunk extensions are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'TIMEOUT', message: 'The request did not arrive in time.' },
};

const MALFORMED: Refusal = { status: 400, code: 'BAD_REQUEST', message: 'The request is not valid HTTP/1.1.' };

/** Answers what Node cannot parse. Nothing of it is repeated in the answer or the log: it may be anything. */
export function createMalformedRefusal(warn: WarnOperator) {
  return (error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex): void => {
    const { code = '', rawPacket } = error;
    const dialect = rawPacket && DIALECTS.find(({ begins }) => rawPacket.subarray(0, begins.length).equals(begins));
    if (dialect !== undefined) warn(dialect.message);
    if (code === 'ECONNRESET' || !socket.writable || hasBegunResponse(socket)) {
      socket.destroy(error);
      return;
    }
    const refusal = REFUSALS[code] ?? { ...MALFORMED, ...(dialect && { message: dialect.message }) };
    sendRawError(socket, refusal.status, refusal.code, refusal.message);
  };
}

/** Node itself looks here before it answers. */
function hasBegunResponse(socket: Duplex): boolean {
  const response = '_httpMessage' in socket ? socket._httpMessage : null;
  return response instanceof ServerResponse && response.headersSent;
}
