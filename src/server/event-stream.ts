import type { ServerResponse } from 'node:http';

/** Clients whose connection is lost come back after so long, in ms, and not all at once. */
const RETRY_MS = { least: 1_000, spread: 1_000 };

/** Begins server-sent events, at once, so that an EventSource knows that it is connected. */
export function beginEvents(res: ServerResponse): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx would keep events back until it has a buffer full of them.
    'X-Accel-Buffering': 'no',
  });
  res.write(`retry: ${RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread)}\n\n`);
}

/** Shows whoever stands between that the connection is used; until the response is closed. */
export function commentRegularly(res: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => {
    if (!res.writableNeedDrain && !res.writableEnded) res.write(': still here\n\n');
  }, everyMs);
  res.once('close', () => clearInterval(timer));
}
