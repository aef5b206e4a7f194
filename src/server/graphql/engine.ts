import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import type { ServerObserver } from '../../orchestrator/ports/observer.ts';
import { limitDocuments } from '../limits/document-limits.ts';
import { limitCost } from '../limits/query-cost.ts';
import { explainParams } from './check-params.ts';
import { hideSchema } from './hide-schema.ts';
import { observeOperations } from './observe-operations.ts';
import {
  manageEventStreams,
  type OperationContext,
  passThroughProxies,
  requireEventStream,
  type SsePluginOptions,
} from './sse-plugins.ts';

export type EngineOptions = SsePluginOptions & {
  schema: GraphQLSchema;
  createContext: (caller: Caller, address: string) => object;
  introspection: boolean;
  observer?: ServerObserver;
};

/** Maximum size of a request over HTTP and of a WebSocket message, in bytes. */
export const MAX_REQUEST_BYTES = 1024 * 1024;
/** The longest document that is cached, in UTF-16 code units. Both limits together bound the memory. */
const MAX_CACHED_LENGTH = 8_192;
const MAX_CACHED_DOCUMENTS = 500;

export type GraphQLEngine = ReturnType<typeof createGraphQLEngine>;

/**
 * Yoga, reduced to GraphQL over HTTP and SSE: this server does CORS, authentication, GraphiQL, health and routing
 * itself. WebSockets use Yoga's `getEnveloped`, and so the same context and error mask.
 */
export function createGraphQLEngine(options: EngineOptions) {
  const { schema, createContext, introspection, mask } = options;
  return createYoga<OperationContext, object>({
    schema,
    context: ({ caller, address }) => createContext(caller, address),
    maskedErrors: { maskError: mask },
    maxRequestBodySize: MAX_REQUEST_BYTES,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    plugins: [
      explainParams,
      limitDocuments(),
      limitCost,
      requireEventStream,
      manageEventStreams(options),
      passThroughProxies,
      ...(options.observer === undefined ? [] : [observeOperations(options.observer)]),
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

/** Keeps the most recently used parsed documents, or parse errors. Applications repeat the same short documents. */
export const createDocumentCache = <T extends object>(maxDocuments = MAX_CACHED_DOCUMENTS): LRUCache<string, T> =>
  new LRUCache({
    max: maxDocuments,
    maxEntrySize: MAX_CACHED_LENGTH,
    // A size must be positive, and a document may be empty.
    sizeCalculation: (_document, text) => Math.max(text.length, 1),
  });
