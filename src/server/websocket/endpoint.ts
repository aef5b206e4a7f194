import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { RequestError } from '../../orchestrator/errors.ts';
import { MAX_REQUEST_BYTES } from '../graphql/engine.ts';
import type { Place } from '../limits/socket-limits.ts';
import type { ServerLog } from '../options.ts';
import { createAtEndOfTick, createOutlet, type Outlet } from './buffered-socket.ts';
import { closeReason, TRY_AGAIN_LATER } from './close-reason.ts';
import type { Connection } from './graphql-over-websocket.ts';

export type WebSocketEndpoint = {
  /** Takes over an upgrade that was let through. */
  accept(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1012 and its subscriptions at once; settles when the last is gone. */
  close(): Promise<void>;
  /** Cuts those that have not answered the closing. */
  terminate(): void;
};

export type WebSocketEndpointOptions = {
  protocol: Server<Connection>;
  addressOf: (req: IncomingMessage) => string;
  isUnavailable: (error: unknown) => boolean;
  keepAliveMs: number;
  /** Bytes that may wait for a socket to drain; see `ServerOptions`. */
  bufferBytes: number;
  stuckMs: number;
  /** For a socket that is opened, whoever's it will be. */
  takePlace: (address: string) => Place;
  log: ServerLog;
};

/** Of RFC 6455: clients come back; graphql-ws's own client as well. */
const SERVICE_RESTART = 1012;
/** Ours: the peer does not take what it asked for. Its client may come back, and go on where it was. */
const TOO_SLOW = 4413;
/** Who does not answer the closing for so long is cut, in ms. */
const CLOSE_WITHIN_MS = 5_000;
/** graphql-ws's code for a fault of the server: clients do not come back by themselves. */
const INTERNAL_SERVER_ERROR = 4500;

/**
 * Sockets under the protocol. graphql-ws has such an adapter (`use/ws`), but it writes to the console, and an error
 * while it closes a subscription goes unhandled, which ends the process.
 */
export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { protocol, addressOf, isUnavailable, keepAliveMs, bufferBytes, stuckMs, takePlace, log } = options;
  const server = new WebSocketServer({
    ...{ noServer: true, maxPayload: MAX_REQUEST_BYTES, handleProtocols, closeTimeout: CLOSE_WITHIN_MS },
    // A small frame could become a large one.
    perMessageDeflate: false,
  });
  const leave = new Map<WebSocket, () => Promise<void>>();
  const outlets = new WeakMap<WebSocket, Outlet>();
  const atEndOfTick = createAtEndOfTick();
  let closing = false;
  // One that has much to take yet cannot have come to the ping: `stuckMs` is for it.
  const isBusy = (socket: WebSocket) => outlets.get(socket)?.isReady() === false;
  const stopPinging = pingRegularly(server.clients, keepAliveMs, isBusy);

  const open = (socket: WebSocket, stream: Duplex, request: Pick<Connection, 'address' | 'authorization'>): void => {
    // A frame too large or malformed: ws closes the socket with the code that says so.
    socket.on('error', (error) => log.info({ err: error }, 'a WebSocket was closed for breaking the protocol'));
    const place = takePlace(request.address);
    if (typeof place !== 'function') {
      socket.close(TRY_AGAIN_LATER, closeReason(place.refusal));
      return;
    }
    const onStuck = (): void => {
      log.info({ stuckMs, bufferBytes }, 'a WebSocket was closed since its client does not take what it asked for');
      void end().catch(fail);
      socket.close(TOO_SLOW, 'Too slow');
    };
    const outlet = createOutlet(socket, stream, { limitBytes: bufferBytes, stuckMs, onStuck, atEndOfTick });
    outlets.set(socket, outlet);
    const fail = (error: unknown): void => {
      if (isNotForServers(error)) {
        socket.close(CloseCode.BadRequest, 'Invalid message received');
        return;
      }
      log.error({ err: error }, 'a WebSocket message could not be handled');
      if (isUnavailable(error) || isSaidToBeUnavailable(error)) socket.close(TRY_AGAIN_LATER, 'Try again later');
      else socket.close(INTERNAL_SERVER_ERROR, 'Internal server error');
    };
    // Not an AbortSignal: it and its listeners would be a tenth of what an idle socket takes up.
    const tasks: (() => void)[] = [];
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, outlet, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            // What still arrives on a socket that we are closing would begin what nobody ends.
            if (leave.has(socket)) void handle(String(data)).catch(fail);
          }),
      },
      {
        ...request,
        caller: null,
        used: false,
        outlet,
        isGone: () => !leave.has(socket),
        whenGone: (task) => void tasks.push(task),
        end: (code, reason) => {
          socket.close(code, reason);
          void end(code, reason).catch(fail);
        },
      },
    );
    const end = async (code?: number, reason?: string): Promise<void> => {
      if (!leave.delete(socket)) return;
      for (const task of tasks) task();
      outlet.close();
      await closed(code, reason);
    };
    leave.set(socket, end);
    socket.on('close', (code, reason) => {
      place();
      void end(code, String(reason)).catch(fail);
    });
  };

  return {
    accept(req, socket, head) {
      // A connection made before the closing may ask after it. Cut, its client comes back elsewhere.
      if (closing) socket.destroy();
      else {
        const request = { address: addressOf(req), authorization: req.headers.authorization ?? null };
        server.handleUpgrade(req, socket, head, (webSocket) => open(webSocket, socket, request));
      }
    },
    async close() {
      closing = true;
      stopPinging();
      const gone = [...server.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of server.clients) socket.close(SERVICE_RESTART, 'Service restart');
      await Promise.all([...leave.values()].map((end) => end()));
      await Promise.all(gone);
    },
    terminate() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

/** A message that only servers send, which graphql-ws takes for a fault of ours. */
const isNotForServers = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');

const isSaidToBeUnavailable = (error: unknown): boolean =>
  error instanceof RequestError && error.code === 'SERVICE_UNAVAILABLE';

/** Settles when the system has taken the bytes, so that a slow client slows its own subscriptions down. */
function send(socket: WebSocket, outlet: Outlet, text: string): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return Promise.resolve();
  outlet.flush();
  return new Promise((resolve) => {
    // A failed write is followed by the socket's closing, which ends its subscriptions.
    socket.send(text, () => {
      outlet.written();
      resolve();
    });
    outlet.written();
  });
}

/** Finds peers that are gone without a word; returns what stops it. */
function pingRegularly(sockets: Set<WebSocket>, everyMs: number, isBusy: (socket: WebSocket) => boolean): () => void {
  const waiting = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (isBusy(socket)) continue;
      if (waiting.has(socket)) {
        socket.terminate();
        continue;
      }
      waiting.add(socket);
      socket.once('pong', () => waiting.delete(socket));
      socket.ping();
    }
  }, everyMs);
  // Not a reason to keep the process running, should the server fail to listen.
  timer.unref();
  return () => clearInterval(timer);
}
