import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import type { DeliveryObserver, ServerObserver } from '../orchestrator/ports/observer.ts';

/** Who watches in this process. */
export type Watchers = { webSocket: number; eventStream: number };
/** Connections of this process to PostgreSQL. */
export type PoolUse = { busy: number; idle: number; waiting: number };

export type DeliverySources = {
  watchers: () => Watchers;
  pool: () => PoolUse;
  /** How far the clock of PostgreSQL is ahead of this one, in ms. */
  readClockOffsetMs: () => Promise<number>;
};

const LAG_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];
const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Clients may close with any code, and each would be a series. */
const CLOSE_CODES = new Set([1000, 1001, 1005, 1006, 1012, 1013, 4400, 4403, 4406, 4413, 4429, 4500]);

/** What this process serves: operations, watchers, and how late they get their lines. */
export function createDeliveryMetrics(registry: Registry): {
  delivery: DeliveryObserver;
  server: ServerObserver;
  /** Gauges that are read when somebody asks. */
  collectFrom(sources: DeliverySources): void;
} {
  const registers = [registry];
  const lag = new Histogram({
    name: 'hauntedai_delivery_lag_seconds',
    help: 'From the commit of a log line until this process had it for its watchers, once per line and watched room.',
    buckets: LAG_BUCKETS,
    registers,
  });
  const catchUps = new Counter({
    name: 'hauntedai_reader_catch_ups_total',
    help: 'How often a live watcher returned to reading PostgreSQL: it was slow, or a message was lost.',
    registers,
  });
  const closed = new Counter({
    name: 'hauntedai_ws_closed_total',
    help: 'WebSockets that closed, by close code.',
    labelNames: ['code'],
    registers,
  });
  const requests = new Counter({
    name: 'hauntedai_graphql_requests_total',
    help: 'GraphQL operations that were executed; of a subscription, its beginning.',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'hauntedai_graphql_request_duration_seconds',
    help: 'Duration of these operations.',
    labelNames: ['operation'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  let clockOffsetMs = 0;

  return {
    delivery: {
      received: (committedAt) => lag.observe(Math.max(0, Date.now() + clockOffsetMs - committedAt.getTime()) / 1_000),
      fellBehind: () => catchUps.inc(),
    },
    server: {
      executed(operation, isOk, ms) {
        requests.inc({ operation, outcome: isOk ? 'ok' : 'error' });
        seconds.observe({ operation }, ms / 1_000);
      },
      socketClosed: (code) => closed.inc({ code: CLOSE_CODES.has(code) ? String(code) : 'other' }),
    },
    collectFrom({ watchers, pool, readClockOffsetMs }) {
      const measureClock = () =>
        readClockOffsetMs().then(
          (offsetMs) => {
            clockOffsetMs = offsetMs;
          },
          // The last one is still good.
          () => {},
        );
      void measureClock();
      new Gauge({
        name: 'hauntedai_watchers',
        help: 'Subscriptions and event streams that are open in this process.',
        labelNames: ['transport'],
        registers,
        async collect() {
          await measureClock();
          const { webSocket, eventStream } = watchers();
          this.set({ transport: 'websocket' }, webSocket);
          this.set({ transport: 'sse' }, eventStream);
        },
      });
      new Gauge({
        name: 'hauntedai_db_connections',
        help: 'Connections of this process to PostgreSQL.',
        labelNames: ['state'],
        registers,
        collect() {
          const { busy, idle } = pool();
          this.set({ state: 'busy' }, busy);
          this.set({ state: 'idle' }, idle);
        },
      });
      new Gauge({
        name: 'hauntedai_db_statements_waiting',
        help: 'Statements that wait for a connection.',
        registers,
        collect() {
          this.set(pool().waiting);
        },
      });
    },
  };
}
