import type { GraphQLSchema } from 'graphql';
import type { Caller, Identify } from '../orchestrator/ports/caller.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { RoomLogs } from '../orchestrator/ports/log.ts';
import type { ServerObserver } from '../orchestrator/ports/observer.ts';
import type { RateLimits } from '../orchestrator/ports/rate-limits.ts';
import type { ReservedPort } from './http/listen.ts';

/** `details` are sent as they are, so they must not contain secrets. */
export type HealthReport = { ok: boolean; details?: Record<string, unknown> };

export type Health = {
  /** Not ok: the process should be restarted. */
  live(): HealthReport;
  /** Not ok, or rejected: the process should get no requests. Must settle within bounded time. */
  ready(): Promise<HealthReport>;
};

/** The part of pino's logger that the server calls. */
export type ServerLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/** A worker serves only /health. */
export type ServerRole = 'api' | 'worker';

export type ServerOptions = {
  role: ServerRole;
  host: string;
  /** 0 selects a free port. */
  port: number | ReservedPort;
  /** The URL by which browsers reach the server; null: http://HOST:PORT. */
  publicUrl: string | null;
  schema: GraphQLSchema;
  identify: Identify;
  rateLimits: RateLimits;
  /** WebSockets per viewer, and event streams per viewer; ten times as many per address. Null: no limit. */
  socketsPerViewer: number | null;
  /** How many trusted proxies a request has passed, each of which adds to X-Forwarded-For. */
  trustedProxies: number;
  /** Called for each operation; a subscription keeps its context while it lasts. */
  createContext: (caller: Caller, address: string) => object;
  content: Pick<ContentStore, 'get'>;
  logs: RoomLogs;
  health: Health;
  /** Null: the same origin and, with `localViewer`, any port of localhost and 127.0.0.1. */
  corsOrigins: readonly string[] | null;
  /** Everyone is the viewer `local`, so the Host header is checked to prevent DNS rebinding. */
  localViewer: boolean;
  graphiql: boolean;
  /** Whether to serve the page at / and /rooms/:roomId. */
  ui: boolean;
  introspection: boolean;
  /** Whether an error means that the database is unavailable: SERVICE_UNAVAILABLE instead of a masked error. */
  isUnavailable: (error: unknown) => boolean;
  /** @default none */
  observer?: ServerObserver;
  log: ServerLog;
  /** How long `close` waits for requests in progress and for close handshakes, in ms. @default 5000 */
  closeGraceMs?: number;
  /** A WebSocket without an operation for this long is closed with 1001, in ms. @default 600000 */
  idleMs?: number;
  /** Interval between two pings of a WebSocket, in ms; one that leaves a ping unanswered is cut. @default 12000 */
  keepAliveMs?: number;
  /** Interval between two comments of a room's event stream, in ms. @default 15000 */
  commentMs?: number;
  /**
   * Bytes that may be buffered in this process for one WebSocket. Beyond that its subscriptions go back to reading
   * Postgres, and nothing more is read from it. Must not be less than a socket's highWaterMark. @default 262144
   */
  bufferBytes?: number;
  /**
   * A client that does not read what it is sent for this long is disconnected, in ms: a WebSocket with `bufferBytes`
   * buffered is closed with 4413, a response with a room's log is cut. @default 60000
   */
  stallTimeoutMs?: number;
};

export type RunningServer = {
  /** The public URL, without a trailing slash. */
  url: string;
  port: number;
  /** How many event streams are open. */
  eventStreams(): number;
  /** Readiness becomes 503 and connections are no longer kept alive; requests are still served. */
  drain(): void;
  /**
   * Accepts no more connections, closes WebSockets with 1012 and ends SSE streams without `complete` (after both,
   * clients reconnect), waits up to `closeGraceMs` for requests in progress, then cuts what is left. Later calls return
   * the same promise.
   */
  close(): Promise<void>;
};
