import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** How often in a row an operation is tried again after its connection was lost: about a minute and a half. */
const MAX_RESUMPTIONS = 45;

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

type Variables = Record<string, unknown>;

export type ApiClient = {
  /** The answer to a query or mutation, which is sent again when the connection is lost before it. */
  execute<T>(query: string, variables: Variables): Promise<T>;
  /**
   * The events of a subscription, across lost connections: `variables` is asked again for each resumption, so that it
   * can say what was seen last.
   */
  follow<T>(query: string, variables: () => Variables): AsyncGenerator<T, void, undefined>;
  /** Closes the connection, without waiting for the server to agree. */
  close(): void;
};

/** What the API answered instead of data. */
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

/**
 * Speaks graphql-transport-ws with the API.
 * @param url http or https; the WebSocket endpoint is on the same path
 * @param onLost told when an operation waits for the server to be back
 * @param signal ends whatever is under way, which then throws the signal's reason
 */
export function createApiClient(
  url: URL,
  onLost: () => void,
  signal: AbortSignal,
  maxResumptions = MAX_RESUMPTIONS,
): ApiClient {
  let pongDue: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.href.replace(/^http/i, 'ws'),
    webSocketImpl: WebSocket,
    // `follow` does it, since the client would ask again with the variables of the first time.
    retryAttempts: 0,
    connectionAckWaitTimeout: PING_EVERY_MS,
    // Several operations follow each other; each would open a connection of its own.
    lazyCloseTimeout: 1_000,
    keepAlive: PING_EVERY_MS,
    on: {
      ping: (received) => {
        // A cable that was pulled closes nothing: silence is the only sign.
        if (!received) pongDue = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue);
      },
      closed: () => clearTimeout(pongDue),
    },
  });

  async function* events<T>(query: string, variables: Variables): AsyncGenerator<T, void, undefined> {
    const iterator = client.iterate<T>({ query, variables });
    const stop = () => void iterator.return?.();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const { data, errors } of iterator) {
        if (errors?.length || !data) throw new ApiError(errors ?? [{ message: 'an answer without data' }]);
        yield data;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async function* follow<T>(query: string, variables: () => Variables): AsyncGenerator<T, void, undefined> {
    for (let resumptions = 0; ; resumptions += 1) {
      signal.throwIfAborted();
      try {
        for await (const event of events<T>(query, variables())) {
          resumptions = 0;
          yield event;
        }
        signal.throwIfAborted();
        return;
      } catch (error) {
        const failure = toError(error);
        if (signal.aborted || !isTemporary(failure)) throw failure;
        if (resumptions >= maxResumptions) throw stayedAway(failure);
        onLost();
        await delay(Math.min(2_000, 250 * 2 ** resumptions), undefined, { signal });
      }
    }
  }

  return {
    async execute<T>(query: string, variables: Variables): Promise<T> {
      for await (const answer of follow<T>(query, () => variables)) return answer;
      throw new Error('the API ended the operation without an answer');
    },
    follow,
    close() {
      clearTimeout(pongDue);
      void Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}

/** The server could not be reached, or the connection to it ended. */
class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** False when the server refused it, so that trying again changes nothing. */
  readonly temporary: boolean;

  constructor(message: string, temporary: boolean) {
    super(message);
    this.temporary = temporary;
  }
}

function stayedAway(failure: Error): Error {
  if (!(failure instanceof ConnectionError)) return failure;
  const message = `The server did not come back (${failure.message}). What was under way goes on at its next start.`;
  return new Error(message, { cause: failure });
}

/** Close codes of the protocol that speak of a slow or silent peer; the others from 4000 on are refusals. */
const TIMEOUT_CODES = [4408, 4499, 4504];

/** graphql-ws rejects with the list of GraphQL errors, an Error, a close event (code), or an error event (message). */
function toError(thrown: unknown): Error {
  if (Array.isArray(thrown)) return new ApiError(thrown);
  const event = thrown as { code?: unknown; reason?: unknown; message?: unknown; error?: { code?: unknown } };
  if (typeof event.code === 'number') {
    const temporary = event.code < 4000 || TIMEOUT_CODES.includes(event.code);
    return new ConnectionError(`the connection was closed: ${event.code} ${event.reason}`, temporary);
  }
  if (thrown instanceof Error) return thrown;
  // A system error such as ECONNREFUSED: nobody listens just now. Without one, an HTTP answer that was no WebSocket.
  const reason = String(event.message);
  if (typeof event.error?.code === 'string' || / 503$/.test(reason)) return new ConnectionError(reason, true);
  return new ConnectionError(`GraphQL over WebSocket is not to be had there: ${reason}`, false);
}

function isTemporary(error: Error): boolean {
  if (error instanceof ConnectionError) return error.temporary;
  return error instanceof ApiError && (error.code === 'SERVICE_UNAVAILABLE' || error.code === 'RATE_LIMITED');
}
