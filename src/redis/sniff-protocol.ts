import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Redis } from 'ioredis';
import type { RedisProblem } from './redis-problem.ts';

const TIMEOUT_MS = 2_000;

const EXPECTS_TLS: RedisProblem = {
  summary: 'expects TLS',
  advice: 'Write rediss:// instead of redis:// in REDIS_URL.',
  isLasting: true,
};
const SPEAKS_NO_TLS: RedisProblem = {
  summary: 'does not speak TLS at this port',
  advice: 'Write redis:// instead of rediss:// in REDIS_URL, or the port of TLS.',
  isLasting: true,
};
const EXPECTS_CERTIFICATE: RedisProblem = {
  summary: 'requires a client certificate, which is not supported',
  advice: 'Set tls-auth-clients to no or optional on the server, and use a password.',
  isLasting: true,
};

/**
 * Why a connection that was opened got no answer: if only one side speaks TLS, both wait, or one of them gives up.
 * @returns null if that is not the reason
 */
export async function sniffProtocol({ options: { host, port, tls } }: Redis): Promise<RedisProblem | null> {
  const address = { host: host ?? '127.0.0.1', port: port ?? 6379 };
  if (tls) {
    if (await answersInPlain(address)) return SPEAKS_NO_TLS;
    return (await tlsOutcome(address)) === 'wantsCertificate' ? EXPECTS_CERTIFICATE : null;
  }
  return (await tlsOutcome(address)) === 'none' ? null : EXPECTS_TLS;
}

type Address = { host: string; port: number };

/** Whether the server answers a PING without TLS, be it with an error. */
function answersInPlain(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => socket.write('PING\r\n'));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.once('data', (data) => end(/^[+-]/.test(data.toString('latin1'))));
    socket.on('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** How a TLS handshake ends. A server that wants a certificate reports that only after it. */
function tlsOutcome(address: Address): Promise<'none' | 'works' | 'wantsCertificate'> {
  return new Promise((resolve) => {
    let isSecure = false;
    // Nothing secret is sent, so whose certificate it is does not matter here. Any answer shows that it works.
    const socket = connectTls({ ...address, rejectUnauthorized: false }, () => {
      isSecure = true;
      socket.write('PING\r\n');
    });
    const end = (error?: Error) => {
      socket.destroy();
      // The reason may be lost, since the server closes the connection right after it.
      if ((isSecure && error !== undefined) || /certificate.required|handshake.failure/i.test(error?.message ?? ''))
        resolve('wantsCertificate');
      else resolve(isSecure ? 'works' : 'none');
    };
    socket.setTimeout(TIMEOUT_MS, () => end());
    socket.once('data', () => end());
    // More than one may come, and one without a listener would end the process.
    socket.on('error', end);
    socket.once('close', () => end());
  });
}
