import type { ServerResponse } from 'node:http';
import { PASS_THROUGH } from '../streams/pass-through.ts';

/** How long clients wait before they reconnect, in ms; random, so that they do not all reconnect at once. */
const RETRY_MS = { min: 1_000, spread: 1_000 };

/** Sends the headers and a first field immediately, so that an EventSource knows that it is connected. */
export function beginEventStream(res: ServerResponse): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    ...PASS_THROUGH,
  });
  res.write(`retry: ${RETRY_MS.min + Math.floor(Math.random() * RETRY_MS.spread)}\n\n`);
}

/** Shows proxies that the connection is in use, until the response closes. */
export function sendComments(res: ServerResponse, intervalMs: number): void {
  const timer = setInterval(() => {
    if (!res.writableNeedDrain && !res.writableEnded) res.write(': keep-alive\n\n');
  }, intervalMs);
  res.once('close', () => clearInterval(timer));
}

/**
 * The event after a workflow's last line.
 * @param lastId id of that line: an EventSource that is not closed reconnects with it, and is answered with 204
 */
export function endEvent(lastId: string | null): string {
  return `${lastId === null ? '' : `id: ${lastId}\n`}event: end\ndata: {}\n\n`;
}

/** Ends the response with 204, after which an EventSource does not reconnect. */
export function stopReconnecting(res: ServerResponse): void {
  res.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}

/** Makes an EventSource reconnect. After an error status it would give up. */
export function requestReconnect(res: ServerResponse, comment: string): void {
  beginEventStream(res);
  res.end(`: ${comment}\n\n`);
}
