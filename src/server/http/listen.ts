import { once } from 'node:events';
import { createServer, isIPv6, type Server } from 'node:net';

/** The server cannot listen. The message is one line for the operator. */
class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** A port that is bound already, so that its URL is known before the server that will use it exists. */
export type ReservedPort = { number: number; holder: Server };

/**
 * Binds a port. Connections to it are reset until a server listens on it.
 * @param port 0 selects a free port
 * @throws {ListenError}
 */
export async function reservePort(host: string, port: number, settings?: ListenSettings): Promise<ReservedPort> {
  const holder = createServer({ pauseOnConnect: true }, (socket) => socket.destroy());
  return { number: await listen(holder, host, port, settings), holder };
}

/** Needed only if no server came to listen on the port; otherwise it has no effect. */
export function releasePort({ holder }: ReservedPort): void {
  holder.close();
}

/** What the operator sets a port and a host with, for messages. */
export type ListenSettings = { port: string; host: string };

/**
 * @param port 0 selects a free port
 * @param settings @default the variables of the service
 * @returns the port that the server listens on
 * @throws {ListenError}
 */
export async function listen(
  server: Server,
  host: string,
  port: number | ReservedPort,
  settings: ListenSettings = { port: 'PORT', host: 'HOST' },
): Promise<number> {
  if (typeof port === 'object') {
    server.listen(port.holder);
    await once(server, 'listening');
    return port.number;
  }
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(reasonOf(error, host, port, settings), { cause: error });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function reasonOf(error: unknown, host: string, port: number, settings: ListenSettings): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop the program that uses it, or set ${settings.port} to another port (0 selects a free one).`;
    case 'EACCES':
      return `This user may not open port ${port} on ${host}. Set ${settings.port} to a port above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${settings.host} ${host} is not an address of this machine. Set ${settings.host} to one that is, or to 0.0.0.0 for all.`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The URL by which this machine reaches the server. 0.0.0.0 and :: cannot be visited, so they become localhost. */
export function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
