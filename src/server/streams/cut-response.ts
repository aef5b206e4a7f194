import type { ServerResponse } from 'node:http';

/**
 * Cuts a response so that no client takes what it has for the whole. Over HTTP/1.0, which nginx speaks by default, a
 * response ends with its connection, and only a reset shows that it was cut.
 */
export function cutResponse(res: ServerResponse): void {
  if (res.req.httpVersion === '1.0') res.socket?.resetAndDestroy();
  res.destroy();
}
