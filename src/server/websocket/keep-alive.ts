import type { WebSocket } from 'ws';

/**
 * Pings every socket, and cuts those that did not answer the ping before: finds peers that vanished silently.
 * @param isStalled sockets to skip
 * @returns stops it
 */
export function pingRegularly(
  sockets: Set<WebSocket>,
  intervalMs: number,
  isStalled: (socket: WebSocket) => boolean,
): () => void {
  const unanswered = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (isStalled(socket)) continue;
      if (unanswered.has(socket)) {
        socket.terminate();
        continue;
      }
      unanswered.add(socket);
      socket.once('pong', () => unanswered.delete(socket));
      socket.ping();
    }
  }, intervalMs);
  // Must not keep the process running if the server fails to listen.
  timer.unref();
  return () => clearInterval(timer);
}
