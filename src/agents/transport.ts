export type TransportRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Called when the connection stands, before anything is sent; may abort the signal. */
  beforeSending?: (() => void) | undefined;
};

/** The head of an answer, and its body as it comes. */
export type TransportAnswer = {
  status: number;
  /** A header's value; null when the agent did not send it. */
  header: (name: string) => string | null;
  /** The decoded bytes. Read once; fails when the connection does. */
  body: AsyncIterable<Uint8Array>;
  /** Called when no more of the body is wanted: the agent may end it in peace, but not take for ever. */
  leave: () => void;
};

/**
 * Sends one request and settles with the head of its answer. Redirects are answers like any other. Has no limit of its
 * own: aborting the signal closes the connection, whether before the head or within the body.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportAnswer>;

/**
 * A transport over somebody's `fetch`. With Node's own, undici's limits count as well (10 s for connecting, 300 s for
 * the head and between two parts of a body), ports on the fetch standard's list of bad ones are refused, and a pooled
 * connection may turn out closed; that is why the client brings a transport of its own (http-transport.ts). What it
 * answers may be made by hand, as tests do: `{ ok: true, json: async () => … }`.
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
      // Whoever stops iterating a web stream cancels it, and that closes the connection.
      leave: () => {},
    };
  };
}

/** Of an answer without a stream: it is empty, or made by hand in somebody's test. */
async function* wholeBody(response: Partial<Pick<Response, 'text' | 'json'>>): AsyncGenerator<Uint8Array> {
  const text = response.text === undefined ? JSON.stringify(await response.json?.()) : await response.text();
  yield new TextEncoder().encode(text);
}
