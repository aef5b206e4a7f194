import type { IncomingMessage } from 'node:http';

/** The path of PUBLIC_URL, under which a proxy serves this service; empty if it has none. */
export const publicPathOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

/** Most proxies remove the path before they pass a request on. This removes it where they do not. */
export function removePublicPath(publicPath: string, req: Pick<IncomingMessage, 'url'>): void {
  if (publicPath !== '' && req.url?.startsWith(`${publicPath}/`)) req.url = req.url.slice(publicPath.length);
}
