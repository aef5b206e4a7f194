import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import { createDocumentCache } from '../limits/document-cache.ts';
import { limitDocuments } from '../limits/document-limits.ts';
import { limitCost } from '../limits/query-cost.ts';
import { type SocketLimits, takeStream } from '../limits/socket-limits.ts';
import type { ServerLog } from '../options.ts';
import { guardStream, isAsyncIterable } from './guard-stream.ts';
import type { MaskError } from './mask-error.ts';
import { type OpenStreams, onceClosed } from './open-streams.ts';
import { hideSuggestions } from './suggestions.ts';

/** What an operation brings along; `req` and `res` where it is a request of its own. */
export type RequestContext = { address: string; caller: Caller; req?: IncomingMessage; res?: ServerResponse };

export type EngineOptions = {
  schema: GraphQLSchema;
  createContext: (caller: Caller, address: string) => object;
  introspection: boolean;
  mask: MaskError;
  openStreams: OpenStreams;
  socketLimits: SocketLimits;
  log: ServerLog;
};

/** The largest request, in bytes, over HTTP and WebSocket alike. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

export type GraphQLEngine = ReturnType<typeof createGraphQLEngine>;

/**
 * Yoga, with all that is not GraphQL turned off: origins, credentials, GraphiQL, health and routes are ours. It serves
 * HTTP and SSE itself; WebSockets go through its `getEnveloped`, so that both have one context and one masking.
 */
export function createGraphQLEngine(options: EngineOptions) {
  const { schema, createContext, introspection, mask } = options;
  return createYoga<RequestContext, object>({
    schema,
    context: ({ caller, address }) => createContext(caller, address),
    maskedErrors: { maskError: mask },
    maxRequestBodySize: MAX_REQUEST_BYTES,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    plugins: [
      limitDocuments(),
      limitCost,
      refuseStreamsNobodyCanRead,
      closeStreamsWithTheirResponse(options),
      ...(introspection ? [] : [refuseIntrospection, hideSuggestions]),
    ],
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    // `mask` logs what there is to log.
    logging: false,
  });
}

const STREAM_TYPES = /text\/(event-stream|\*)|\*\/\*/i;

/** Yoga alone answers with 406 and nothing. */
const refuseStreamsNobodyCanRead: Plugin<object, RequestContext> = {
  async onExecutionResult({ result, setResult, context: { req, res } }) {
    if (!isAsyncIterable(result) || res === undefined || STREAM_TYPES.test(req?.headers.accept ?? '*/*')) return;
    await result[Symbol.asyncIterator]().return?.();
    const message = 'A subscription is answered with an event stream: send Accept: text/event-stream.';
    setResult({
      errors: [new GraphQLError(message, { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } })],
    });
  },
};

const refuseIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};

/**
 * Yoga alone leaves a subscription's iterator open when the client is gone before the answer begins or accepts no
 * event stream, and a stream that fails with an AbortError would end the process.
 */
function closeStreamsWithTheirResponse(options: EngineOptions): Plugin<object, RequestContext> {
  const { mask, openStreams, socketLimits, log } = options;
  return {
    async onExecutionResult({ result, setResult, context: { address, res, caller } }) {
      if (!isAsyncIterable(result) || res === undefined) return;
      try {
        onceClosed(res, takeStream(socketLimits, caller.viewerId, address));
      } catch (error) {
        await result[Symbol.asyncIterator]().return?.();
        setResult({ errors: [mask(error)] });
        return;
      }
      const stream = guardStream(result, {
        onError: (error) => ({ errors: [mask(error)] }),
        onCloseError: (error) => log.error({ err: error }, 'a subscription could not be closed'),
      });
      setResult(stream);
      openStreams.add(res, stream, caller.expiresAtMs);
    },
  };
}
