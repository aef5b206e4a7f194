import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '../../orchestrator/request-error.ts';
import { clientAddress } from '../http/client-address.ts';
import { sendRawError } from '../http/raw-response.ts';

/** Operations that may be open on one WebSocket. */
export const MAX_OPERATIONS_PER_SOCKET = 500;
/** A WebSocket without an operation for this long is closed, in ms. */
export const SOCKET_IDLE_MS = 10 * 60 * 1_000;
/** Many viewers may share an address. */
const ADDRESS_FACTOR = 10;
/** Connections per address: enough for all WebSockets, all streams, and as many requests beside them. */
const CONNECTION_FACTOR = 3 * ADDRESS_FACTOR;

/** Permission to hold one more connection. Calling it gives it back; calling it again has no effect. */
export type Permit = () => void;
/** Why there is no permit, as a message for the client: the limit, and what to do. */
export type PermitRefusal = { refusal: string };

export const isPermit = (result: Permit | PermitRefusal): result is Permit => typeof result === 'function';

type Permits = {
  ofViewer(viewerId: string): Permit | PermitRefusal;
  ofAddress(address: string): Permit | PermitRefusal;
};

/** What clients hold open at the same time. */
export type SocketLimits = {
  /** WebSockets: counted by address once they open, by viewer once that is known. */
  sockets: Permits;
  /** Responses that take long: event streams and downloads of logs. */
  streams: Permits;
  /** All connections, used or not. */
  connections: Pick<Permits, 'ofAddress'>;
};

const SHARE_SOCKET = 'Run several operations over one connection.';
const CLOSE_STREAM = 'Close one, or run several subscriptions over one WebSocket.';
const CLOSE_CONNECTION = 'Close one, or run several operations over one WebSocket.';

/** @param perViewer WebSockets and streams per viewer in this process; null: no limits */
export function createSocketLimits(perViewer: number | null): SocketLimits {
  const permitsFor = (what: string, factor: number, unit: string, advice: string) =>
    createPermits(perViewer === null ? null : perViewer * factor, `${what} per ${unit}`, advice);
  const permits = (what: string, advice: string): Permits => ({
    ofViewer: permitsFor(what, 1, 'viewer', advice),
    ofAddress: permitsFor(what, ADDRESS_FACTOR, 'address', advice),
  });
  return {
    sockets: permits('WebSockets', SHARE_SOCKET),
    streams: permits('event streams and downloads', CLOSE_STREAM),
    connections: { ofAddress: permitsFor('connections', CONNECTION_FACTOR, 'address', CLOSE_CONNECTION) },
  };
}

/** @param max permits per key; null: no limit */
function createPermits(max: number | null, what: string, advice: string): (key: string) => Permit | PermitRefusal {
  const refusal = { refusal: `At most ${max?.toLocaleString('en')} ${what}. ${advice}` };
  const held = new Map<string, number>();
  return (key) => {
    const count = held.get(key) ?? 0;
    if (max !== null && count >= max) return refusal;
    held.set(key, count + 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const left = (held.get(key) ?? 1) - 1;
      if (left === 0) held.delete(key);
      else held.set(key, left);
    };
  };
}

/**
 * Answers connections beyond an address's limit with 429 and closes them: left open, silent connections would use up
 * the process's file descriptors.
 */
export function limitConnections(server: Server, { connections }: SocketLimits): void {
  server.prependListener('connection', (socket: Socket) => {
    const permit = connections.ofAddress(clientAddress({ headers: {}, socket }, 0));
    if (isPermit(permit)) socket.once('close', permit);
    else sendRawError(socket, 429, 'RATE_LIMITED', permit.refusal, ['Retry-After: 1']);
  });
}

/**
 * Acquires a stream permit of the address and of the viewer.
 * @throws {RequestError} RATE_LIMITED; then neither is held
 */
export function acquireStream({ streams }: SocketLimits, viewerId: string, address: string): Permit {
  const ofAddress = orThrow(streams.ofAddress(address));
  try {
    const ofViewer = orThrow(streams.ofViewer(viewerId));
    return () => {
      ofAddress();
      ofViewer();
    };
  } catch (error) {
    ofAddress();
    throw error;
  }
}

function orThrow(result: Permit | PermitRefusal): Permit {
  if (isPermit(result)) return result;
  throw new RequestError('RATE_LIMITED', result.refusal, { retryAfterMs: 1_000 });
}
