import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** About a minute and a half. */
const MAX_RECONNECTS = 45;

const PING_INTERVAL_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;

type Variables = Record<string, unknown>;

export type ApiClient = {
  /** The answer to a query or mutation, which is sent again if the connection is lost before the answer. */
  execute<T>(query: string, variables: Variables): Promise<T>;
  /**
   * The events of a subscription, across lost connections. `variables` is called for each reconnect, so that it can
   * contain the last cursor.
   */
  follow<T>(query: string, variables: () => Variables): AsyncGenerator<T, void, undefined>;
  /** Closes the connection without waiting for the server. */
  close(): void;
};

export type ApiClientOptions = {
  /** http or https; the WebSocket endpoint has the same path. */
  url: URL;
  /** Sent as `Authorization: Bearer`; null: none. */
  token: string | null;
  /** Called when an operation waits for the server to come back. */
  onConnectionLost: () => void;
  /** Aborts operations in flight, which then throw the signal's reason. */
  signal: AbortSignal;
  /** Consecutive reconnects before an operation fails. @default 45 */
  maxReconnects?: number;
};

/** The API answered with errors instead of data. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `extensions.code` of the first error. */
  readonly code: string | undefined;

  constructor(errors: readonly { message: string; extensions?: Variables | undefined }[]) {
    super(errors.map((error) => error.message).join('; '));
    const code = errors[0]?.extensions?.['code'];
    this.code = typeof code === 'string' ? code : undefined;
  }
}

/** A client for the API over graphql-transport-ws. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, token, onConnectionLost, signal, maxReconnects = MAX_RECONNECTS } = options;
  let pongTimer: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.href.replace(/^http/i, 'ws'),
    ...(token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
    webSocketImpl: WebSocket,
    // `follow` reconnects instead: this client would repeat the variables of the first request.
    retryAttempts: 0,
    connectionAckWaitTimeout: PING_INTERVAL_MS,
    // Keeps one connection open across consecutive operations.
    lazyCloseTimeout: 1_000,
    keepAlive: PING_INTERVAL_MS,
    on: {
      ping: (received) => {
        // An unplugged cable closes nothing: a missing pong is the only sign of it.
        if (!received) pongTimer = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
      closed: () => clearTimeout(pongTimer),
    },
  });

  async function* events<T>(query: string, variables: Variables): AsyncGenerator<T, void, undefined> {
    const iterator = client.iterate<T>({ query, variables });
    const stop = () => void iterator.return?.();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const { data, errors } of iterator) {
        if (errors?.length || !data) throw new ApiError(errors ?? [{ message: 'the answer has no data' }]);
        yield data;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async function* follow<T>(query: string, variables: () => Variables): AsyncGenerator<T, void, undefined> {
    for (let reconnects = 0; ; reconnects += 1) {
      signal.throwIfAborted();
      try {
        for await (const event of events<T>(query, variables())) {
          reconnects = 0;
          yield event;
        }
        signal.throwIfAborted();
        return;
      } catch (error) {
        const failure = toError(error);
        if (signal.aborted || !isTemporary(failure)) throw failure;
        if (reconnects >= maxReconnects) throw reconnects === 0 ? failure : serverDidNotReturn(failure);
        onConnectionLost();
        await delay(Math.min(2_000, 250 * 2 ** reconnects), undefined, { signal });
      }
    }
  }

  return {
    async execute<T>(query: string, variables: Variables): Promise<T> {
      for await (const answer of follow<T>(query, () => variables)) return answer;
      throw new Error('The API completed the operation without an answer.');
    },
    follow,
    close() {
      clearTimeout(pongTimer);
      void Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}

/** The service cannot be reached. The message says why. */
export class UnreachableError extends Error {
  override readonly name: string = 'UnreachableError';
}

/** The service refused the connection: another attempt would fail too. */
class AccessDeniedError extends Error {
  override readonly name = 'AccessDeniedError';
}

/** The server could not be reached, or closed the connection. */
class ConnectionError extends UnreachableError {
  override readonly name = 'ConnectionError';
  /** Whether another attempt may succeed. */
  readonly temporary: boolean;

  constructor(message: string, temporary: boolean) {
    super(message);
    this.temporary = temporary;
  }
}

function serverDidNotReturn(failure: Error): Error {
  if (!(failure instanceof ConnectionError)) return failure;
  const message = `The server did not come back (${failure.message}). It resumes the workflow when it is started again.`;
  return new UnreachableError(message, { cause: failure });
}

/** Close codes of a slow or silent peer. Other codes from 4000 on are refusals. */
const TIMEOUT_CODES = [4408, 4499, 4504];
const FORBIDDEN_CODE = 4403;

/** graphql-ws rejects with a list of GraphQL errors, an Error, a close event (code) or an error event (message). */
function toError(thrown: unknown): Error {
  if (Array.isArray(thrown)) return new ApiError(thrown);
  const event = thrown as { code?: unknown; reason?: unknown; message?: unknown; error?: { code?: unknown } };
  if (event.code === FORBIDDEN_CODE) {
    return new AccessDeniedError(
      `Access denied: ${event.reason}. Pass a token with --token or the variable HAUNTEDAI_TOKEN.`,
    );
  }
  if (typeof event.code === 'number') {
    const temporary = event.code < 4000 || TIMEOUT_CODES.includes(event.code);
    return new ConnectionError(`the connection was closed with ${event.code} ${event.reason}`, temporary);
  }
  if (thrown instanceof Error) return thrown;
  // A system error such as ECONNREFUSED: nothing listens at the moment. Otherwise the answer was HTTP, not a WebSocket.
  const reason = String(event.message);
  if (typeof event.error?.code === 'string' || / 503$/.test(reason)) return new ConnectionError(reason, true);
  return new ConnectionError(`No GraphQL over WebSocket at this URL: ${reason}`, false);
}

function isTemporary(error: Error): boolean {
  if (error instanceof ConnectionError) return error.temporary;
  return error instanceof ApiError && (error.code === 'SERVICE_UNAVAILABLE' || error.code === 'RATE_LIMITED');
}
