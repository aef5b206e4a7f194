import { DELIVERY_LEASE_MS, type Delivery, type Outbox } from './ports/outbox.ts';
import { repeat } from './repeat.ts';

/** Deliveries that one process makes at the same time. */
const CONCURRENCY = 8;
/** Leaves time to save the outcome before the delivery counts as abandoned. */
const TIMEOUT_MS = DELIVERY_LEASE_MS / 2;
const INITIAL_DELAY_MS = 5_000;
const MAX_DELAY_MS = 15 * 60_000;
/** About two days. */
const MAX_ATTEMPTS = 200;

export type DeliveryOutcome<Result> =
  | { type: 'delivered'; result: Result }
  /** @property delayMs the wait before the next attempt; null: there is none */
  | { type: 'failed'; error: Error; delayMs: number | null };

export type Deliveries<Result> = {
  /** Adds a delivery and makes the first attempt. If that fails, the others are made in the background. */
  add(key: string, signal: AbortSignal): Promise<DeliveryOutcome<Result>>;
  /** Makes the deliveries that are due, repeatedly, until it is stopped. */
  start(): { stop(): Promise<void> };
};

/** Makes deliveries from an outbox: repeats each with growing waits, until it succeeds or has failed too often. */
export function createDeliveries<Result>(deps: {
  outbox: Outbox;
  deliver: (key: string, signal: AbortSignal) => Promise<Result>;
  /** Called after each attempt in the background. */
  onAttempt: (delivery: Delivery, outcome: DeliveryOutcome<Result>) => void;
  /** Called when the outbox cannot be read or written. */
  onError: (error: unknown) => void;
  /** Time between two looks, in ms. @default 2000 */
  intervalMs?: number;
  /** Wait after the first attempt, in ms; doubled after each further one. @default 5000 */
  initialDelayMs?: number;
}): Deliveries<Result> {
  const { outbox, initialDelayMs = INITIAL_DELAY_MS } = deps;

  async function attempt(delivery: Delivery, signal: AbortSignal): Promise<DeliveryOutcome<Result>> {
    let result: Result;
    try {
      result = await deps.deliver(delivery.key, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const delayMs = delivery.attempt < MAX_ATTEMPTS ? delayAfter(delivery.attempt) : null;
      await outbox.postpone(delivery, error.message, delayMs);
      return { type: 'failed', error, delayMs };
    }
    await outbox.complete(delivery);
    return { type: 'delivered', result };
  }

  const delayAfter = (number: number) => Math.min(MAX_DELAY_MS, initialDelayMs * 2 ** Math.min(number - 1, 30));

  /** Makes every delivery that is due. */
  async function round(signal: AbortSignal): Promise<void> {
    for (let taken = CONCURRENCY; taken === CONCURRENCY && !signal.aborted; ) {
      const due = await outbox.take(CONCURRENCY);
      taken = due.length;
      await Promise.all(
        due.map(async (delivery) => {
          const outcome = await attempt(delivery, signal);
          if (!signal.aborted) deps.onAttempt(delivery, outcome);
        }),
      );
    }
  }

  return {
    add: async (key, signal) => attempt(await outbox.add(key), signal),
    start() {
      const stopping = new AbortController();
      const rounds = repeat(() => round(stopping.signal), deps.intervalMs ?? 2_000, deps.onError);
      return {
        // Attempts in flight are aborted, and are due again shortly.
        async stop() {
          stopping.abort();
          await rounds.stop();
        },
      };
    },
  };
}
