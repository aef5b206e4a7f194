/**
 * Messages to the processes that are running now; nothing is stored. A subscriber that must not miss anything reads
 * Postgres, and uses pub/sub to know when.
 */
export type PubSub = {
  /** Fire and forget. Never throws, and drops the message (plain JSON data) while Redis is unavailable. */
  publish(channel: string, message: unknown): void;
  /**
   * Settles once the server has acknowledged: messages published after that arrive, unless the connection is lost. Stays
   * pending while Redis is unavailable. The handler receives whatever anyone publishes on the channel; it must not throw.
   * @returns ends the subscription; call it once
   */
  subscribe(channel: string, handler: (message: unknown) => void): Promise<() => void>;
  /** The listener is called each time the subscriptions are re-established. Messages sent meanwhile are lost. */
  onReconnect(listener: () => void): void;
  /** Ends all subscriptions and connections. */
  close(): Promise<void>;
};
