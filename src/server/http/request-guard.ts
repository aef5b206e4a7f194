import type { IncomingMessage } from 'node:http';
import type { Caller, Credentials, Identify } from '../../orchestrator/ports/caller.ts';
import type { RateLimits } from '../../orchestrator/ports/rate-limits.ts';
import { clientAddress } from './client-address.ts';

export type RequestGuardOptions = { identify: Identify; rateLimits: RateLimits; trustedProxies: number };

/** Authentication and rate limits, the same for HTTP, SSE and WebSocket. */
export type RequestGuard = {
  addressOf(req: IncomingMessage): string;
  /**
   * Counts the request for its address before its token is checked, so that guessing tokens is limited too.
   * @throws {RequestError} UNAUTHENTICATED, RATE_LIMITED
   */
  identify(address: string, credentials: Credentials): Promise<Caller>;
  /** A request that needs no token. @throws {RequestError} RATE_LIMITED */
  publicRequest(req: IncomingMessage): Promise<void>;
  /** A request that is one operation. @throws {RequestError} UNAUTHENTICATED, RATE_LIMITED */
  request(req: IncomingMessage): Promise<Caller>;
  /** One more operation on an open connection. @throws {RequestError} RATE_LIMITED */
  operation(address: string, caller: Caller): Promise<void>;
};

export function createRequestGuard({ identify, rateLimits, trustedProxies }: RequestGuardOptions): RequestGuard {
  const addressOf = (req: IncomingMessage) => clientAddress(req, trustedProxies);
  const guard: RequestGuard = {
    addressOf,
    publicRequest: (req) => rateLimits.operation({ address: addressOf(req) }),
    async identify(address, credentials) {
      await rateLimits.operation({ address });
      return identify(credentials);
    },
    async request(req) {
      const caller = await guard.identify(addressOf(req), credentialsOf(req));
      await rateLimits.operation({ viewerId: caller.viewerId });
      return caller;
    },
    async operation(address, { viewerId }) {
      // The viewer first: what one viewer is refused must not count against others at the same address.
      await rateLimits.operation({ viewerId });
      await rateLimits.operation({ address });
    },
  };
  return guard;
}

/**
 * The Authorization header or, for a GET, the room token in the query parameter `token`, since an EventSource cannot
 * send headers. The same on every path.
 */
function credentialsOf({ method, url = '', headers }: IncomingMessage): Credentials {
  const query = url.split('?')[1];
  const isGet = method === 'GET' || method === 'HEAD';
  const urlToken = isGet && query !== undefined ? new URLSearchParams(query).get('token') : null;
  return { authorization: headers.authorization ?? null, urlToken };
}
