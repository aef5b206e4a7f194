/** What a room's log says about it. */
export type PublishNotice = { level: 'info' | 'warn'; message: string; metadata: Record<string, unknown> };

/**
 * Publishes what is stored under a CID elsewhere too, under the same CID. A service that is down does not make it fail:
 * the notice says so, and the content is published later.
 */
export type PublishContent = (cid: string, signal: AbortSignal) => Promise<PublishNotice>;
