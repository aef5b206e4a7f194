import { connectionFailure, FailedAttempt } from './failures.ts';

export type TransportRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Called once connected, before anything is sent; may abort the signal. */
  beforeSending?: (() => void) | undefined;
};

/** The head of a response, and its body as it arrives. */
export type TransportResponse = {
  status: number;
  /** A header's value; null when the agent did not send it. */
  header: (name: string) => string | null;
  /** The decoded bytes. Can be read once; fails when the connection does. */
  body: AsyncIterable<Uint8Array>;
  /** Call when no more of the body is needed: the agent gets a moment to end it, whatever happens to the signal. */
  leave: () => void;
};

/**
 * Sends one request and settles with the head of the response. Redirects are not followed. Has no timeout of its own:
 * aborting the signal closes the connection, before the head or within the body.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/**
 * A transport over a given `fetch`. With Node's own, undici's limits apply as well (10 s for connecting, 300 s for the
 * head and between two parts of a body), the fetch standard's list of blocked ports is refused, and a pooled connection
 * may turn out to be closed; that is why the client uses http-transport.ts. The response may be a plain object, as tests
 * make them: `{ ok: true, json: async () => … }`.
 */
export function fetchTransport(fetchLike: typeof fetch): Transport {
  return async ({ url, beforeSending, ...init }, signal) => {
    beforeSending?.();
    const response = await fetchLike(url, { ...init, redirect: 'manual', signal });
    const headers = new Headers(response.headers);
    return {
      status: response.status ?? (response.ok ? 200 : 500),
      header: (name) => headers.get(name),
      body: response.body ?? wholeBody(response),
      // To stop iterating a web stream cancels it, and that closes the connection.
      leave: () => {},
    };
  };
}

/** For a response without a stream: it is empty, or a test's plain object. */
async function* wholeBody(response: Partial<Pick<Response, 'text' | 'json'>>): AsyncGenerator<Uint8Array> {
  const text = response.text === undefined ? JSON.stringify(await response.json?.()) : await response.text();
  yield new TextEncoder().encode(text);
}

/**
 * The transport, with every error of the connection turned into a CONNECTION failure, and no bytes passed on once the
 * signal has aborted (a given `fetch` may ignore it).
 * @param label host and port, for messages
 */
export function guardedTransport(transport: Transport, label: string): Transport {
  return async (request, signal) => {
    try {
      const response = await transport(request, signal);
      return { ...response, body: guardedBody(response.body, label, signal) };
    } catch (error) {
      throw toFailedAttempt(error, label);
    }
  };
}

async function* guardedBody(
  body: AsyncIterable<Uint8Array>,
  label: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    throw toFailedAttempt(error, label);
  }
}

function toFailedAttempt(error: unknown, label: string): FailedAttempt {
  return error instanceof FailedAttempt ? error : connectionFailure(error, label);
}
