import { DEPRECATED_GRAPHQL_WS_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { SUBPROTOCOL_NOT_ACCEPTABLE } from './close-codes.ts';

export const UNSUPPORTED_PROTOCOL =
  'This API speaks graphql-transport-ws over WebSocket: use the client package graphql-ws.';

/** How long a client of the old protocol may take to start its operations, in ms. */
const REFUSAL_MS = 1_000;
/** What may wait for a client that does not read, in bytes. */
const MAX_BUFFERED = 16 * 1024;
const MAX_ID_LENGTH = 100;

/**
 * Selects the protocol of subscriptions-transport-ws if a client offers no other, but only to refuse it in its own
 * words: browsers show neither the response to a refused handshake nor a close reason to the old client's users.
 */
export const selectProtocol = (protocols: Set<string>): string | false =>
  handleProtocols(protocols) || (protocols.has(DEPRECATED_GRAPHQL_WS_PROTOCOL) && DEPRECATED_GRAPHQL_WS_PROTOCOL);

export const isSupportedProtocol = ({ protocol }: WebSocket): boolean => protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** Tells the client what to use instead, and closes the socket. Executes nothing. */
export function refuseProtocol(webSocket: WebSocket): void {
  const close = () => webSocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, UNSUPPORTED_PROTOCOL);
  if (webSocket.protocol !== DEPRECATED_GRAPHQL_WS_PROTOCOL) {
    close();
    return;
  }
  const send = (message: object) =>
    webSocket.send(JSON.stringify({ ...message, payload: { message: UNSUPPORTED_PROTOCOL } }));
  send({ type: 'connection_error' });
  webSocket.on('message', (data) => {
    const id = startedOperation(String(data));
    if (id !== null && webSocket.readyState === webSocket.OPEN && webSocket.bufferedAmount < MAX_BUFFERED) {
      send({ type: 'error', id });
    }
  });
  setTimeout(close, REFUSAL_MS).unref();
}

/** The id of the operation that a message of the old protocol starts. */
function startedOperation(text: string): string | null {
  try {
    const { type, id } = { ...(JSON.parse(text) as { type?: unknown; id?: unknown }) };
    return type === 'start' && typeof id === 'string' && id.length <= MAX_ID_LENGTH ? id : null;
  } catch {
    return null;
  }
}
