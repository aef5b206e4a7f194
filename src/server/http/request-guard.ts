import type { IncomingMessage } from 'node:http';
import type { Caller, Credentials, Identify } from '../../orchestrator/ports/caller.ts';
import type { RateLimits } from '../../orchestrator/ports/rate-limits.ts';
import { clientAddress } from './client-address.ts';

/**
 * What a request says about its sender, on every path alike: its Authorization header or, on a GET, the room token
 * that stands as `token` in its query (EventSource cannot send headers).
 */
function credentialsOf({ method, url = '', headers }: IncomingMessage): Credentials {
  const query = url.split('?')[1];
  const isGet = method === 'GET' || method === 'HEAD';
  const urlToken = isGet && query !== undefined ? new URLSearchParams(query).get('token') : null;
  return { authorization: headers.authorization ?? null, urlToken };
}

export type AdmissionOptions = { identify: Identify; limits: RateLimits; trustedProxies: number };

/** Who asks, and whether they may ask any more: one way for HTTP, SSE and WebSocket. */
export type Admission = {
  addressOf(req: IncomingMessage): string;
  /**
   * Counts a request from this address before its token is looked at, so that guessing costs as well.
   * @throws {RequestError} UNAUTHENTICATED, RATE_LIMITED
   */
  identify(address: string, credentials: Credentials): Promise<Caller>;
  /** A request that anybody may make. @throws {RequestError} RATE_LIMITED */
  anybody(req: IncomingMessage): Promise<void>;
  /** A request that is one operation. @throws {RequestError} UNAUTHENTICATED, RATE_LIMITED */
  request(req: IncomingMessage): Promise<Caller>;
  /** One more operation on a connection. @throws {RequestError} RATE_LIMITED */
  operation(address: string, caller: Caller): Promise<void>;
};

export function createAdmission({ identify, limits, trustedProxies }: AdmissionOptions): Admission {
  const addressOf = (req: IncomingMessage) => clientAddress(req, trustedProxies);
  const admission: Admission = {
    addressOf,
    anybody: (req) => limits.operation({ address: addressOf(req) }),
    async identify(address, credentials) {
      await limits.operation({ address });
      return identify(credentials);
    },
    async request(req) {
      const caller = await admission.identify(addressOf(req), credentialsOf(req));
      await limits.operation({ viewerId: caller.viewerId });
      return caller;
    },
    async operation(address, { viewerId }) {
      // The viewer first: what one is refused is not at the cost of the others behind the address.
      await limits.operation({ viewerId });
      await limits.operation({ address });
    },
  };
  return admission;
}
