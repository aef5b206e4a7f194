import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import { createDocumentCache } from '../limits/document-cache.ts';
import { limitDocuments } from '../limits/document-limits.ts';
import { limitCost } from '../limits/query-cost.ts';
import { hideSchema } from './hide-schema.ts';
import { manageEventStreams, type RequestContext, requireEventStream, type SsePluginOptions } from './sse-plugins.ts';

export type EngineOptions = SsePluginOptions & {
  schema: GraphQLSchema;
  createContext: (caller: Caller, address: string) => object;
  introspection: boolean;
};

/** Maximum size of a request over HTTP and of a WebSocket message, in bytes. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

export type GraphQLEngine = ReturnType<typeof createGraphQLEngine>;

/**
 * Yoga, reduced to GraphQL over HTTP and SSE: this server does CORS, authentication, GraphiQL, health and routing
 * itself. WebSockets use Yoga's `getEnveloped`, and so the same context and error mask.
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
      requireEventStream,
      manageEventStreams(options),
      ...(introspection ? [] : hideSchema),
    ],
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    // `mask` logs what is worth logging.
    logging: false,
  });
}
