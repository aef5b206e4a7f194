import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import { acquireStream, type SocketLimits } from '../limits/socket-limits.ts';
import type { ServerLog } from '../server-options.ts';
import { guardStream, isAsyncIterable } from '../streams/guard-stream.ts';
import { type OpenStreams, onceClosed } from '../streams/open-streams.ts';
import { PASS_THROUGH } from '../streams/pass-through.ts';
import type { MaskError } from './mask-error.ts';

/** What an operation is executed for. `req` and `res` are set over HTTP only. */
export type OperationContext = { address: string; caller: Caller; req?: IncomingMessage; res?: ServerResponse };

export type SsePluginOptions = {
  mask: MaskError;
  openStreams: OpenStreams;
  socketLimits: SocketLimits;
  log: ServerLog;
};

const STREAM_TYPES = /text\/(event-stream|\*)|\*\/\*/i;

const SEND_ACCEPT = 'Subscriptions are sent as an event stream. Send the header Accept: text/event-stream.';
const NOT_ACCEPTABLE = { code: 'NOT_ACCEPTABLE' };

/** Explains the 406 for a subscription that is requested in another type; Yoga itself would answer with an empty body. */
export const requireEventStream: Plugin<object, OperationContext> = {
  async onExecutionResult({ result, setResult, context: { req, res } }) {
    if (!isAsyncIterable(result) || res === undefined || STREAM_TYPES.test(req?.headers.accept ?? '*/*')) return;
    await result[Symbol.asyncIterator]().return?.();
    setResult({
      errors: [new GraphQLError(SEND_ACCEPT, { extensions: { ...NOT_ACCEPTABLE, http: { status: 406 } } })],
    });
  },
  /** For multipart/mixed alone, Yoga knows no form of a subscription's error. */
  onResponse({ response, setResponse, fetchAPI }) {
    if (response.status !== 406 || response.body !== null) return;
    setResponse(
      fetchAPI.Response.json({ errors: [{ message: SEND_ACCEPT, extensions: NOT_ACCEPTABLE }] }, { status: 406 }),
    );
  },
};

/**
 * Limits event streams, and closes each subscription with its response. Yoga itself would leave the subscription open
 * when the client leaves before the response begins, and a stream that fails with an AbortError would end the process.
 */
export function manageEventStreams(options: SsePluginOptions): Plugin<object, OperationContext> {
  const { mask, openStreams, socketLimits, log } = options;
  return {
    async onExecutionResult({ result, setResult, context: { address, res, caller } }) {
      if (!isAsyncIterable(result) || res === undefined) return;
      try {
        onceClosed(res, acquireStream(socketLimits, caller.viewerId, address));
      } catch (error) {
        await result[Symbol.asyncIterator]().return?.();
        setResult({ errors: [mask(error)] });
        return;
      }
      const stream = guardStream(result, {
        onError: (error) => ({ errors: [mask(error)] }),
        onCloseError: (error) => log.error({ err: error }, 'closing a subscription failed'),
      });
      setResult(stream);
      openStreams.add(res, stream, caller.expiresAtMs);
    },
  };
}

const STREAMED = /^(text\/event-stream|multipart\/mixed)/;

/**
 * Makes proxies pass streams on at once. Yoga's own connection headers go: over HTTP/1.0, which nginx speaks by default,
 * they promise what that version does not have.
 */
export const passThroughProxies: Plugin = {
  onResponse({ response: { headers } }) {
    if (!STREAMED.test(headers.get('content-type') ?? '')) return;
    for (const [name, value] of Object.entries(PASS_THROUGH)) headers.set(name, value);
    for (const name of ['connection', 'transfer-encoding']) headers.delete(name);
  },
};
