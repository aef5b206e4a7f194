/** One attempt to deliver what `key` names. */
export type Delivery = {
  key: string;
  /** Counted from 1. */
  attempt: number;
};

/**
 * What must still reach another system, durably. A delivery is taken for a while: if its process dies, any process takes
 * it again after that. So each is made at least once, and rarely twice.
 */
export type Outbox = {
  /** Adds a delivery, taken by the caller. One that is there already begins anew with attempt 1. */
  add(key: string): Promise<Delivery>;
  /** Takes deliveries that are due; two processes that ask at once get different ones. */
  take(limit: number): Promise<Delivery[]>;
  /** Removes the delivery: it was made. */
  complete(delivery: Delivery): Promise<void>;
  /** Makes the delivery due after a delay, or keeps it without a further attempt. */
  postpone(delivery: Delivery, error: string, delayMs: number | null): Promise<void>;
  /** Makes deliveries due again that have no further attempt. @returns how many */
  revive(): Promise<number>;
};

/** How long a delivery is taken. An attempt must end within this time. */
export const DELIVERY_LEASE_MS = 60_000;
