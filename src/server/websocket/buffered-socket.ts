import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { lengthOf, type Message, toFrames } from './text-frame.ts';

/**
 * What is written to one socket, by all its subscriptions together. It is ready as long as less than `limitBytes` wait
 * to be taken by the system; once they do not, it is so again when nothing waits any more. Until then the peer is not
 * read either, so that it cannot ask for more than it takes.
 */
export type Outlet = {
  isReady(): boolean;
  /** Sends a text message, in one write with all that are sent in this tick. To be called while it is ready. */
  send(message: Message): void;
  /** Writes at once what was sent so far: to be called before others write to the socket. */
  flush(): void;
  /** To be called after others have written to the socket, and again when the system has taken that. */
  written(): void;
  /** @returns ends it */
  attach(user: OutletUser): () => void;
  /** Ends its users and drops what is not written. The peer is read again, so that its part of the closing is heard. */
  close(): void;
};

/** A subscription that writes to the socket. */
export type OutletUser = {
  /** It is ready again after it was not. */
  resume(): void;
  /**
   * The socket is closed. graphql-ws ends the subscriptions that it knows of; one whose id was used again at once it
   * has lost sight of.
   */
  end(): void;
};

export type OutletOptions = {
  /** Bytes that may wait for a socket to drain. */
  limitBytes: number;
  /** How long they may. */
  stuckMs: number;
  /** The socket has not drained for so long. */
  onStuck: () => void;
  atEndOfTick: AtEndOfTick;
};

/** Calls `task` once what runs now has come to its end. */
export type AtEndOfTick = (task: () => void) => void;

/** One for all sockets, since a microtask for each costs more than what it does. */
export function createAtEndOfTick(): AtEndOfTick {
  let tasks: (() => void)[] = [];
  const run = () => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
  };
  return (task) => {
    if (tasks.push(task) === 1) queueMicrotask(run);
  };
}

const NOTHING = new Uint8Array();

/** @param stream what the WebSocket itself writes to, whole frames at a time: frames of ours can stand between them. */
export function createOutlet(socket: WebSocket, stream: Duplex, options: OutletOptions): Outlet {
  const { limitBytes, stuckMs, onStuck, atEndOfTick } = options;
  const users = new Set<OutletUser>();
  let pending: Message[] = [];
  let pendingBytes = 0;
  /** Set while it is not ready. */
  let stuckTimer: NodeJS.Timeout | null = null;
  let isClosed = false;

  function flush(): void {
    if (pending.length === 0) return;
    const messages = pending;
    pending = [];
    pendingBytes = 0;
    // After the closing frame nothing may follow.
    if (socket.readyState !== WebSocket.OPEN) return;
    stream.write(toFrames(messages));
    written();
    // Called when what is before it is taken. To be told of every write would cost each a tick.
    if (stuckTimer !== null) stream.write(NOTHING, written);
  }

  function written(): void {
    const waiting = stream.writableLength + pendingBytes;
    if (stuckTimer === null && waiting >= limitBytes && !isClosed) {
      stuckTimer = setTimeout(onStuck, stuckMs);
      socket.pause();
    } else if (stuckTimer !== null && waiting === 0) {
      beReady();
      for (const user of [...users]) user.resume();
    }
  }

  function beReady(): void {
    if (stuckTimer !== null) clearTimeout(stuckTimer);
    stuckTimer = null;
    socket.resume();
  }

  return {
    isReady: () => stuckTimer === null,
    send(message) {
      pending.push(message);
      pendingBytes += lengthOf(message);
      if (pending.length === 1) atEndOfTick(flush);
      written();
    },
    flush,
    written,
    attach(user) {
      if (isClosed) user.end();
      else users.add(user);
      return () => void users.delete(user);
    },
    close() {
      isClosed = true;
      pending = [];
      pendingBytes = 0;
      beReady();
      for (const user of [...users]) user.end();
    },
  };
}
