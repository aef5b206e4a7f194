import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { encodeTextFrames, messageBytes, type TextMessage } from './text-frame.ts';

/**
 * Buffers what all subscriptions of one WebSocket send. It is ready while fewer than `bufferBytes` are buffered. Past
 * that it stays not ready until the buffer is empty, and reading from the peer is paused meanwhile, so that the peer
 * cannot request more than it receives.
 */
export type BufferedSocket = {
  isReady(): boolean;
  /** Sends a message, in one write with all others of this tick. Call it only while the socket is ready. */
  send(message: TextMessage): void;
  /** Writes immediately what was sent so far. Call it before something else writes to the WebSocket. */
  flush(): void;
  /** Updates `isReady`. Call it after something else wrote to the WebSocket, and again when that write completes. */
  updateReadiness(): void;
  /** @returns detaches the writer */
  attach(writer: SocketWriter): () => void;
  /** Drops what is not yet written and closes all writers. Reading resumes, so that the peer's close frame arrives. */
  close(): void;
};

/** A subscription that writes to a socket. */
export type SocketWriter = {
  /** Called when the socket is ready again. */
  resume(): void;
  /**
   * The socket is closed. graphql-ws ends the subscriptions that it knows, but loses track of one whose id was reused
   * before it ended.
   */
  onClose(): void;
};

export type BufferedSocketOptions = {
  bufferBytes: number;
  /** How long the socket may stay not ready, in ms. */
  stallTimeoutMs: number;
  /** Called when the socket was not ready for `stallTimeoutMs`. */
  onStall: () => void;
  atEndOfTick: AtEndOfTick;
};

/** Runs `task` in a microtask. */
export type AtEndOfTick = (task: () => void) => void;

/** One queue for all sockets: a microtask per socket costs more than the work that it does. */
export function createAtEndOfTick(): AtEndOfTick {
  let tasks: (() => void)[] = [];
  const run = () => {
    const current = tasks;
    tasks = [];
    for (const task of current) task();
  };
  return (task) => {
    if (tasks.push(task) === 1) queueMicrotask(run);
  };
}

const NOTHING = new Uint8Array();

/**
 * @param stream the connection below `webSocket`. ws writes whole, uncompressed frames to it, so that frames from here
 * may stand between them.
 */
export function createBufferedSocket(
  webSocket: WebSocket,
  stream: Duplex,
  options: BufferedSocketOptions,
): BufferedSocket {
  const { bufferBytes, stallTimeoutMs, onStall, atEndOfTick } = options;
  const writers = new Set<SocketWriter>();
  let pending: TextMessage[] = [];
  let pendingBytes = 0;
  /** Set while the socket is not ready. */
  let stallTimer: NodeJS.Timeout | null = null;
  let isClosed = false;

  function flush(): void {
    if (pending.length === 0) return;
    const messages = pending;
    pending = [];
    pendingBytes = 0;
    // Nothing may follow the close frame.
    if (webSocket.readyState !== WebSocket.OPEN) return;
    stream.write(encodeTextFrames(messages));
    updateReadiness();
    // Called back when everything before it is written. A callback for every write would cost each of them a tick.
    if (stallTimer !== null) stream.write(NOTHING, updateReadiness);
  }

  function updateReadiness(): void {
    const buffered = stream.writableLength + pendingBytes;
    if (stallTimer === null && buffered >= bufferBytes && !isClosed) {
      stallTimer = setTimeout(onStall, stallTimeoutMs);
      webSocket.pause();
    } else if (stallTimer !== null && buffered === 0) {
      becomeReady();
      for (const writer of [...writers]) writer.resume();
    }
  }

  function becomeReady(): void {
    if (stallTimer !== null) clearTimeout(stallTimer);
    stallTimer = null;
    webSocket.resume();
  }

  return {
    isReady: () => stallTimer === null,
    send(message) {
      pending.push(message);
      pendingBytes += messageBytes(message);
      if (pending.length === 1) atEndOfTick(flush);
      updateReadiness();
    },
    flush,
    updateReadiness,
    attach(writer) {
      if (isClosed) writer.onClose();
      else writers.add(writer);
      return () => void writers.delete(writer);
    },
    close() {
      isClosed = true;
      pending = [];
      pendingBytes = 0;
      becomeReady();
      for (const writer of [...writers]) writer.onClose();
    },
  };
}
