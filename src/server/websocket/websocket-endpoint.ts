import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Server } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { RequestError } from '../../orchestrator/request-error.ts';
import { MAX_REQUEST_BYTES } from '../graphql/engine.ts';
import { isPermit, type Permit, type PermitRefusal } from '../limits/socket-limits.ts';
import type { WarnOperator } from '../operator-hints.ts';
import type { ServerLog } from '../server-options.ts';
import { type BufferedSocket, createAtEndOfTick, createBufferedSocket } from './buffered-socket.ts';
import {
  BAD_REQUEST,
  CLOSE_REASONS,
  closeReason,
  INTERNAL_SERVER_ERROR,
  SERVICE_RESTART,
  TOO_SLOW,
  TRY_AGAIN_LATER,
} from './close-codes.ts';
import type { SocketConnection } from './graphql-over-websocket.ts';
import { withDocument } from './hash-only-operations.ts';
import { pingRegularly } from './keep-alive.ts';
import { isSupportedProtocol, refuseProtocol, selectProtocol, UNSUPPORTED_PROTOCOL } from './other-protocols.ts';

export type WebSocketEndpoint = {
  /** Completes an upgrade request that is allowed. */
  accept(req: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** Closes every socket with 1012 and ends its subscriptions immediately; settles when the last socket is closed. */
  close(): Promise<void>;
  /** Cuts the sockets that are still open. */
  terminate(): void;
};

export type WebSocketEndpointOptions = {
  protocol: Server<SocketConnection>;
  addressOf: (req: IncomingMessage) => string;
  isUnavailable: (error: unknown) => boolean;
  /** For these three see `ServerOptions`. */
  keepAliveMs: number;
  bufferBytes: number;
  stallTimeoutMs: number;
  /** Called when a socket opens, before its viewer is known. */
  acquirePermit: (address: string) => Permit | PermitRefusal;
  warnOperator: WarnOperator;
  /** Called when a socket has closed. @default nobody is told */
  onClosed?: (code: number) => void;
  log: ServerLog;
};

/** A client that does not answer the close frame within this time is cut, in ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * The sockets that carry the protocol. graphql-ws has an adapter for ws (`graphql-ws/use/ws`), but it writes to the
 * console, and an error while it closes a subscription is not handled, which would end the process.
 */
export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { protocol, addressOf, isUnavailable, keepAliveMs, bufferBytes, stallTimeoutMs, acquirePermit } = options;
  const { warnOperator, log } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    handleProtocols: selectProtocol,
    // Not yet in the types of ws.
    ...{ closeTimeout: CLOSE_TIMEOUT_MS },
    // Must stay off. A small compressed frame could expand to a large one; and buffered-socket.ts writes frames between
    // those of ws, whose order holds only because ws sends synchronously, which it does only without compression.
    perMessageDeflate: false,
  });
  /** Ends the subscriptions of each open socket. */
  const ends = new Map<WebSocket, () => Promise<void>>();
  const bufferedSockets = new WeakMap<WebSocket, BufferedSocket>();
  const atEndOfTick = createAtEndOfTick();
  let isClosing = false;
  // A client with much left to read has not reached the ping yet: `stallTimeoutMs` applies to it instead.
  const isStalled = (webSocket: WebSocket) => bufferedSockets.get(webSocket)?.isReady() === false;
  const stopPinging = pingRegularly(server.clients, keepAliveMs, isStalled);

  const open = (
    webSocket: WebSocket,
    stream: Duplex,
    request: Pick<SocketConnection, 'address' | 'authorization'>,
  ): void => {
    // ws itself closes the socket with the right code.
    webSocket.on('error', (error) => log.info({ err: error }, 'WebSocket closed: the client violated the protocol'));
    const permit = acquirePermit(request.address);
    if (!isPermit(permit)) {
      webSocket.close(TRY_AGAIN_LATER, closeReason(permit.refusal));
      return;
    }
    if (!isSupportedProtocol(webSocket)) {
      webSocket.once('close', permit);
      warnOperator(`A client speaks another WebSocket protocol, and is refused. ${UNSUPPORTED_PROTOCOL}`);
      refuseProtocol(webSocket);
      return;
    }

    const fail = (error: unknown): void => {
      if (isServerMessage(error)) {
        webSocket.close(BAD_REQUEST, CLOSE_REASONS.invalidMessage);
        return;
      }
      log.error({ err: error }, 'handling a WebSocket message failed');
      if (isUnavailable(error) || isServiceUnavailable(error))
        webSocket.close(TRY_AGAIN_LATER, CLOSE_REASONS.tryAgainLater);
      else webSocket.close(INTERNAL_SERVER_ERROR, CLOSE_REASONS.internalServerError);
    };
    const onStall = (): void => {
      log.info({ stallTimeoutMs, bufferBytes }, 'WebSocket closed: the client does not read what it subscribed to');
      void end().catch(fail);
      webSocket.close(TOO_SLOW, CLOSE_REASONS.tooSlow(stallTimeoutMs));
    };
    const socket = createBufferedSocket(webSocket, stream, { bufferBytes, stallTimeoutMs, onStall, atEndOfTick });
    bufferedSockets.set(webSocket, socket);
    // Not an AbortSignal: with its listeners it would be a tenth of an idle socket's memory.
    const closeTasks: (() => void)[] = [];
    const closed = protocol.opened(
      {
        protocol: webSocket.protocol,
        send: (text) => send(webSocket, socket, text),
        close: (code, reason) => webSocket.close(code, closeReason(reason ?? '')),
        onMessage: (handle) =>
          webSocket.on('message', (data) => {
            // Once the socket is closing, a message would start something that nobody ends.
            if (ends.has(webSocket)) void handle(withDocument(String(data))).catch(fail);
          }),
      },
      {
        ...request,
        caller: null,
        wasUsed: false,
        socket,
        isClosed: () => !ends.has(webSocket),
        onClose: (task) => void closeTasks.push(task),
        end: (code, reason) => {
          webSocket.close(code, reason);
          void end(code, reason).catch(fail);
        },
      },
    );
    const end = async (code?: number, reason?: string): Promise<void> => {
      if (!ends.delete(webSocket)) return;
      for (const task of closeTasks) task();
      socket.close();
      await closed(code, reason);
    };
    ends.set(webSocket, end);
    webSocket.on('close', (code, reason) => {
      options.onClosed?.(code);
      permit();
      void end(code, String(reason)).catch(fail);
    });
  };

  return {
    accept(req, stream, head) {
      // An upgrade request may still arrive on an open connection. Once that is cut, the client connects elsewhere.
      if (isClosing) stream.destroy();
      else {
        const request = { address: addressOf(req), authorization: req.headers.authorization ?? null };
        server.handleUpgrade(req, stream, head, (webSocket) => open(webSocket, stream, request));
      }
    },
    async close() {
      isClosing = true;
      stopPinging();
      const closed = [...server.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const webSocket of server.clients) webSocket.close(SERVICE_RESTART, CLOSE_REASONS.serviceRestart);
      await Promise.all([...ends.values()].map((end) => end()));
      await Promise.all(closed);
    },
    terminate() {
      for (const webSocket of server.clients) webSocket.terminate();
    },
  };
}

/** The client sent a message that only servers may send, which graphql-ws reports as an internal error. */
const isServerMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');

const isServiceUnavailable = (error: unknown): boolean =>
  error instanceof RequestError && error.code === 'SERVICE_UNAVAILABLE';

/** Settles when the bytes are written, so that a slow client slows its own subscriptions down. */
function send(webSocket: WebSocket, socket: BufferedSocket, text: string): Promise<void> {
  if (webSocket.readyState !== WebSocket.OPEN) return Promise.resolve();
  socket.flush();
  return new Promise((resolve) => {
    // Resolves even if the write fails: then the socket closes, and that ends its subscriptions.
    webSocket.send(text, () => {
      socket.updateReadiness();
      resolve();
    });
    socket.updateReadiness();
  });
}
