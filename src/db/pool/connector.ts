import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { connectionOptions } from '../connection-options.ts';
import { DatabaseUnavailableError } from '../postgres-errors.ts';
import { type DriverQuery, driverQuery } from './driver-query.ts';
import { READ_ONLY, SESSION_AGAIN, type Session, sessionStatement } from './session-settings.ts';

/** One connection, whose session has the settings that this service relies on. It is never replaced by another. */
export type DriverConnection = {
  /** Identifies the session, as PostgreSQL does. */
  sessionId: string;
  driver: postgres.Sql;
  /** Sends a statement that another instance of the driver made. */
  execute(query: DriverQuery): void;
  /** Ends statements in flight. */
  close(): Promise<void>;
};

export type Connector = {
  /** Makes statements and never connects. Connections read and write values as it does; Drizzle changes how. */
  template: postgres.Sql;
  /**
   * @param onClose called when the connection is closed, by whichever side
   * @throws {Error} the driver's, or why no server is suitable
   */
  open(onClose: () => void): Promise<DriverConnection>;
  /** Directs new connections to the port of this URL: an embedded server that was restarted has another one. */
  moveTo(url: string): void;
};

export type ConnectorOptions = {
  applicationName: string;
  /** PostgreSQL ends statements that take longer. 0: none. null: sessions keep the settings that they have. */
  statementTimeoutMs: number | null;
};

const DRIVER_OPTIONS = {
  // In seconds.
  connect_timeout: 5,
  // Detects a server that disappeared without closing its connections.
  keep_alive: 15,
  // With this on, the driver asks each new connection for the types of arrays and ignores a failure of that request:
  // a connection that is cut at that moment would end the process. See `arrayLiteral`.
  fetch_types: false,
  onnotice: () => {},
};

export function createConnector(url: string, { applicationName, statementTimeoutMs }: ConnectorOptions): Connector {
  const given = connectionOptions(url);
  const createDriver = (onclose: () => void, only: { host?: string[]; port?: number[] } = {}) =>
    postgres({
      ...DRIVER_OPTIONS,
      // The driver's types do not know that host and port may be lists.
      ...Object.assign({}, given, only),
      max: 1,
      max_lifetime: null,
      idle_timeout: 0,
      // `open` looks at each server itself.
      target_session_attrs: undefined,
      connection: { ...given.connection, application_name: applicationName },
      onclose,
    });
  const template = createDriver(() => {});
  const { host, port, connect_timeout: timeoutS } = template.options;
  /** The one that was suitable last. */
  let server = 0;

  async function openTo(index: number, onClose: () => void): Promise<DriverConnection> {
    // The driver would try several by itself, without an end and without a pause.
    const driver = createDriver(onClose, { host: host.slice(index, index + 1), port: port.slice(index, index + 1) });
    Object.assign(driver.options.parsers, template.options.parsers);
    Object.assign(driver.options.serializers, template.options.serializers);
    const close = () => driver.end({ timeout: 0 });
    try {
      const first = statementTimeoutMs === null ? SESSION_AGAIN : sessionStatement(statementTimeoutMs);
      const session = await firstRow(driver.unsafe<Session[]>(first), timeoutS);
      if (session.is_read_only) throw new DatabaseUnavailableError(READ_ONLY);
      return { sessionId: session.id, driver, execute: driverQuery(driver.unsafe('')).handler, close };
    } catch (error) {
      void close();
      throw error;
    }
  }

  return {
    template,
    async open(onClose) {
      for (let tried = 1; ; tried += 1) {
        const index = server;
        try {
          return await openTo(index, onClose);
        } catch (error) {
          if (server === index) server = (index + 1) % host.length;
          if (tried >= host.length) throw error;
        }
      }
    },
    moveTo(moved) {
      port[0] = Number(new URL(moved).port);
    },
  };
}

/**
 * A connection counts only when its first statement was answered: a session pooler accepts any number of clients, and
 * lets them wait until others leave.
 */
async function firstRow(answer: Promise<Session[]>, timeoutS: number): Promise<Session> {
  const timeout = new AbortController();
  // After a pause of this process, timers come before what has arrived meanwhile.
  const noAnswer = sleep(timeoutS * 1_000, undefined, { signal: timeout.signal }).then(() => nextTurn([]));
  const [session] = await Promise.race([answer, noAnswer]).finally(() => timeout.abort());
  if (session !== undefined) return session;
  throw new DatabaseUnavailableError(`no answer within ${timeoutS} s of connecting`);
}
