import type { OutgoingHttpHeaders } from 'node:http';

/**
 * For every response that is sent as it comes into being: with these headers, proxies pass each part on at once.
 * nginx collects a response in its buffer unless X-Accel-Buffering forbids it; HAProxy and others hold a compressed
 * one back until a block is full, unless `no-transform` forbids to compress it.
 */
export const PASS_THROUGH = {
  'X-Accel-Buffering': 'no',
  'Cache-Control': 'no-cache, no-store, no-transform',
} satisfies OutgoingHttpHeaders;
