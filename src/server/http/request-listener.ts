import type { RequestListener } from 'node:http';
import type { MaskError } from '../graphql/mask-error.ts';
import { sendMasked } from './reply.ts';
import { type Routes, route } from './routes.ts';

export type RequestListenerOptions = {
  routes: Routes;
  mask: MaskError;
  isDraining: () => boolean;
  /** Browsers reach us by https alone. */
  isHttps: boolean;
};

/** What an answer is by itself: nothing that a page may frame, load as a script, or run. Pages of ours say otherwise. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What every request has in common: headers, and an answer whatever goes wrong. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const { routes, mask, isDraining, isHttps } = options;
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    ...(isHttps && { 'Strict-Transport-Security': 'max-age=31536000' }),
  });
  return (req, res) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    if (isDraining()) res.setHeader('Connection', 'close');
    // Writing to a client that has left, or to a stream that we ended, is nobody's fault.
    res.on('error', () => undefined);
    route(routes, req, res).catch((error) => {
      const masked = mask(error);
      if (res.headersSent) res.destroy();
      else sendMasked(res, masked);
    });
  };
}
