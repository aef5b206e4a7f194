import type { DocumentNode } from 'graphql';
import { CloseCode, createClient } from 'graphql-ws/client';
import { createStore, type Store } from '../shared/store.ts';
import { errorOf, isPassing, toError } from './errors.ts';
import { payloadOf, type ResultOf, type VariablesOf } from './operation.ts';
import { createWaiting } from './waiting.ts';

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** `sinceMs`: by this browser's clock. */
  | { kind: 'offline'; sinceMs: number }
  /** The token is missing or not accepted. */
  | { kind: 'refused'; reason: string };

export type Watcher<T> = { next(value: T): void; refused?(error: Error): void; complete?(): void };

/** All operations of the page, over one WebSocket that reconnects by itself. */
export type Connection = {
  state: Store<ConnectionState>;
  /** Waits while there is no connection. @throws {ApiError} */
  request<D extends DocumentNode>(operation: D, variables: VariablesOf<D>): Promise<ResultOf<D>>;
  /**
   * As `request`, for what a person asks for: without a connection it fails at once, and what was not answered before the
   * connection was lost is not sent again, since they may no longer want it.
   * @throws {ApiError | Error}
   */
  send<D extends DocumentNode>(operation: D, variables: VariablesOf<D>): Promise<ResultOf<D>>;
  /**
   * Subscribes until `complete`, `refused` or the returned function is called: again after a lost connection or an
   * error that passes, each time with what `variables` returns then.
   */
  watch<D extends DocumentNode>(
    operation: D,
    variables: () => VariablesOf<D>,
    watcher: Watcher<ResultOf<D>>,
  ): () => void;
  dispose(): void;
};

const NO_CONNECTION = 'There is no connection to the server. Try again when it is back.';
const LOST_CONNECTION =
  'The connection was lost before the server answered. See whether it happened when the connection is back, or try again.';
const PING_MS = 10_000;
const PONG_MS = 5_000;
const REPEAT_MS = 2_000;

/** @param token a viewer token or a room token; null: the viewer `local` */
export function createConnection(url: string, token: string | null): Connection {
  const state = createStore<ConnectionState>({ kind: 'connecting' });
  const waiting = createWaiting();
  let pong: ReturnType<typeof setTimeout> | undefined;

  const lose = () => {
    if (state.get().kind !== 'offline') state.set({ kind: 'offline', sinceMs: Date.now() });
  };
  const client = createClient({
    url,
    connectionParams: () => (token === null ? {} : { authorization: `Bearer ${token}` }),
    lazy: false,
    onNonLazyError: () => {},
    keepAlive: PING_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => state.get().kind !== 'refused',
    retryWait: (retries) => waiting.wait(Math.min(500 * 2 ** retries, 5_000)),
    on: {
      connected: () => state.set({ kind: 'open' }),
      closed: (event) => {
        clearTimeout(pong);
        const { code, reason } = event instanceof CloseEvent ? event : { code: 0, reason: '' };
        if (code === CloseCode.Forbidden) state.set({ kind: 'refused', reason });
        else if (code !== 1_000) lose();
      },
      ping: (received) => {
        // A laptop that slept, or a network that vanished: no answer comes, and nothing closes the socket.
        if (!received) pong = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
    },
  });

  const watch: Connection['watch'] = (operation, variables, watcher) => {
    let stop = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const begin = () => {
      // A getter: graphql-ws sends the payload again when it reconnects, with the variables of that moment.
      const payload = {
        ...payloadOf(operation, variables()),
        get variables() {
          return { ...Object(variables()) };
        },
      };
      stop = client.subscribe<ResultOf<typeof operation>>(payload, {
        next: (result) => {
          if (result.data) watcher.next(result.data);
          else fail(errorOf(result));
        },
        error: (reason) => fail(toError(reason)),
        complete: () => {
          if (!ended && timer === undefined) watcher.complete?.();
        },
      });
    };
    const fail = (error: Error) => {
      if (ended || timer !== undefined || state.get().kind === 'refused') return;
      if (!isPassing(error)) return watcher.refused?.(error);
      timer = setTimeout(() => {
        timer = undefined;
        begin();
      }, REPEAT_MS);
    };
    begin();
    return () => {
      ended = true;
      clearTimeout(timer);
      stop();
    };
  };

  const ask = <D extends DocumentNode>(operation: D, variables: VariablesOf<D>) => {
    const { promise, resolve, reject } = Promise.withResolvers<ResultOf<D>>();
    const stop = client.subscribe<ResultOf<D>>(payloadOf(operation, variables), {
      next: (result) => (result.data ? resolve(result.data) : reject(errorOf(result))),
      error: (reason) => reject(toError(reason)),
      complete: () => {},
    });
    return { promise, reject, stop };
  };

  return {
    state,
    watch,
    request: (operation, variables) => ask(operation, variables).promise,
    send(operation, variables) {
      if (state.get().kind === 'offline') return Promise.reject(new Error(NO_CONNECTION));
      const { promise, reject, stop } = ask(operation, variables);
      const stopListening = state.subscribe(() => {
        if (state.get().kind === 'open') return;
        stop();
        reject(new Error(LOST_CONNECTION));
      });
      return promise.finally(stopListening);
    },
    dispose() {
      waiting.dispose();
      clearTimeout(pong);
      void client.dispose();
    },
  };
}
