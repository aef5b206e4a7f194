import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

type Params = Readonly<Record<string, unknown>>;

/** What GraphQL over HTTP defines. */
const PARAMETERS = ['query', 'variables', 'operationName', 'extensions'];
/** By which clients name a document that they expect the server to know: Relay, Apollo, urql, Facebook. */
const DOCUMENT_IDS = ['id', 'doc_id', 'docId', 'documentId', 'queryId'];

/** Explains requests without a document over HTTP and SSE, in the words that their clients act on. */
export const explainParams: Plugin = {
  onParams({ params }) {
    const given: Params = { ...params };
    const error = missingDocument(given) ?? unknownParameter(given);
    if (error !== null) throw error;
  },
};

/** The error for an operation without a document, over every transport; null if it has one, which may be empty. */
export function missingDocument({ query, extensions, ...others }: Params): GraphQLError | null {
  if (typeof query === 'string' && query !== '') return null;
  if (isPersistedQuery(extensions)) return persistedQueryNotSupported();
  const id = DOCUMENT_IDS.find((name) => typeof others[name] === 'string');
  if (id !== undefined) {
    return badRequest(`\`query\` is missing, and this API knows no documents by \`${id}\`: send the document.`);
  }
  return query === undefined || query === null
    ? badRequest('`query` is missing: send the GraphQL document in it.')
    : null;
}

function unknownParameter(params: Params): GraphQLError | null {
  const unknown = Object.keys(params).find((name) => params[name] != null && !PARAMETERS.includes(name));
  if (unknown === undefined) return null;
  // Only a name is repeated, not whatever stands there.
  const named = /^\w{1,40}$/.test(unknown) ? `the unknown parameter \`${unknown}\`` : 'an unknown parameter';
  return badRequest(`The request has ${named}. Send only ${PARAMETERS.join(', ')}.`);
}

const isPersistedQuery = (extensions: unknown): boolean =>
  typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;

/**
 * Clients with automatic persisted queries first send only a hash. After this answer they send the document, and no hash
 * any more. Apollo and urql look for exactly this message; Apollo's clients for phones read it only with status 200.
 */
const persistedQueryNotSupported = () =>
  new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http: { status: 200 } },
  });

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
