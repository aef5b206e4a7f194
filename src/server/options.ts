import type { GraphQLSchema } from 'graphql';
import type { Caller, Identify } from '../orchestrator/ports/caller.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { RoomLogs } from '../orchestrator/ports/log.ts';
import type { RateLimits } from '../orchestrator/ports/rate-limits.ts';

/** `details` are sent as they are: they must hold no secret. */
export type HealthReport = { ok: boolean; details?: Record<string, unknown> };

export type Health = {
  /** Not ok: the process should be restarted. */
  live(): HealthReport;
  /** Not ok, or rejected: send it no requests now. The caller bounds its time. */
  ready(): Promise<HealthReport>;
};

/** The part of pino's logger that the server calls. */
export type ServerLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/** A worker serves /health alone. */
export type ServerRole = 'api' | 'worker';

export type ServerOptions = {
  role: ServerRole;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** How browsers reach it, when that is not http://HOST:PORT; null: it is. */
  publicUrl: string | null;
  schema: GraphQLSchema;
  identify: Identify;
  limits: RateLimits;
  /** WebSockets of one viewer, ten times as many from one address; null: no limit. */
  socketsPerViewer: number | null;
  /** How many proxies of ours a request has passed, each adding to X-Forwarded-For. */
  trustedProxies: number;
  /** Made anew for each operation; a subscription keeps one for its life. */
  createContext: (caller: Caller, address: string) => object;
  content: Pick<ContentStore, 'get'>;
  logs: RoomLogs;
  health: Health;
  /** Null: the same origin and, with `localViewer`, any port of localhost and 127.0.0.1. */
  corsOrigins: readonly string[] | null;
  /** Everyone is the viewer `local`, so the Host header is checked against DNS rebinding. */
  localViewer: boolean;
  graphiql: boolean;
  introspection: boolean;
  /** True for errors that mean that the database is away: SERVICE_UNAVAILABLE instead of a masked error. */
  isUnavailable: (error: unknown) => boolean;
  log: ServerLog;
  /** How long `close` lets requests under way and closing handshakes last, in ms. @default 5000 */
  closeGraceMs?: number;
  /** A WebSocket without an operation for so long is closed with 1001, in ms. @default 600000 */
  idleMs?: number;
  /** Between two pings of a WebSocket, in ms; one that leaves a ping without an answer is cut. @default 12000 */
  keepAliveMs?: number;
  /** Between two comments of a room's event stream, in ms. @default 15000 */
  commentMs?: number;
  /**
   * Bytes that may wait in this process for a WebSocket to drain. Beyond, its subscriptions go back to reading Postgres
   * and nothing more is read from it. Not less than what Node itself lets wait. @default 262144
   */
  bufferBytes?: number;
  /**
   * A client that takes nothing of what is sent to it for so long is cut, in ms: a WebSocket with `bufferBytes` waiting
   * is closed with 4413, a reader of a room's log by HTTP is disconnected. @default 60000
   */
  stuckMs?: number;
};

export type RunningServer = {
  /** The public one, without a slash at its end. */
  url: string;
  port: number;
  /** Readiness turns 503 and connections are no longer kept alive; requests are still served. */
  drain(): void;
  /**
   * Takes no more connections, closes WebSockets with 1012 (clients reconnect), ends SSE streams without `complete`
   * (likewise), waits for requests under way up to `closeGraceMs`, then cuts what is left. Once more is no change.
   */
  close(): Promise<void>;
};
