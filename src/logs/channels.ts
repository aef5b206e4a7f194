/** What the hub needs of pub/sub to be prompt. It is never needed to be complete. */
export type Channels = {
  /**
   * Settles once acknowledged: whatever is published from then on is heard, unless it gets lost. May stay open as long
   * as the server is away.
   * @returns ends the subscription; called once.
   */
  subscribe(channel: string, handler: (message: unknown) => void): Promise<() => void>;
  /** Calls back when messages may have been lost because the connection was. */
  onReconnect(listener: () => void): void;
};
