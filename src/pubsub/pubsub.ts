/**
 * Tells the processes that run now; nothing is kept. Whoever must not miss anything reads Postgres, and uses this to
 * know when.
 */
export type PubSub = {
  /** Fire and forget: never throws, and drops the message (plain JSON data) while Redis is away. */
  publish(channel: string, message: unknown): void;
  /**
   * Settles once the server has acknowledged: whatever is published from then on is heard, barring a lost connection.
   * Stays open while Redis is away. The handler gets whatever was sent, by whomever, and must not throw.
   * @returns ends the subscription; to be called once.
   */
  subscribe(channel: string, handler: (message: unknown) => void): Promise<() => void>;
  /** Calls back each time the subscriptions were re-established: what was sent in between is lost. */
  onReconnect(listener: () => void): void;
  /** Ends every subscription and connection. */
  close(): Promise<void>;
};
