import type { RequestListener } from 'node:http';
import type { MaskError } from './mask-error.ts';
import { sendMasked } from './reply.ts';
import { type Routes, route } from './routes.ts';

export type RequestListenerOptions = { routes: Routes; mask: MaskError; isDraining: () => boolean };

/** What every request has in common: headers, and an answer whatever goes wrong. */
export function createRequestListener({ routes, mask, isDraining }: RequestListenerOptions): RequestListener {
  return (req, res) => {
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Referrer-Policy', 'no-referrer');
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
