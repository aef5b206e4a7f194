import type { RequestListener } from 'node:http';
import type { MaskError } from '../graphql/mask-error.ts';
import { cutResponse } from '../streams/cut-response.ts';
import { removePublicPath } from './public-path.ts';
import { sendMasked } from './reply.ts';
import { type Routes, route } from './routes.ts';

export type RequestListenerOptions = {
  routes: Routes;
  mask: MaskError;
  isDraining: () => boolean;
  /** Whether browsers reach the server by https. */
  isHttps: boolean;
};

/** Defaults for every response: browsers may not frame it, run it, or load it as a script. Pages override some. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What all requests have in common: security headers, and a response whatever fails. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const { routes, mask, isDraining, isHttps } = options;
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    ...(isHttps && { 'Strict-Transport-Security': 'max-age=31536000' }),
  });
  return (req, res) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    if (isDraining()) res.setHeader('Connection', 'close');
    // A write may fail because the client left or the response was ended: that is expected.
    res.on('error', () => undefined);
    removePublicPath(routes.publicPath, req);
    route(routes, req, res).catch((error) => {
      const masked = mask(error);
      if (res.headersSent) cutResponse(res);
      else sendMasked(res, masked);
    });
  };
}
