import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../orchestrator/identity.ts';

/**
 * What a request says about its sender, on every path alike: its Authorization header or, on a GET, the room token
 * that stands as `token` in its query (EventSource cannot send headers).
 */
export function credentialsOf({ method, url = '', headers }: IncomingMessage): Credentials {
  const query = url.split('?')[1];
  const isGet = method === 'GET' || method === 'HEAD';
  const urlToken = isGet && query !== undefined ? new URLSearchParams(query).get('token') : null;
  return { authorization: headers.authorization ?? null, urlToken };
}
