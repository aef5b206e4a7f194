import type { ResultOf, VariablesOf } from 'gql.tada';
import { type DocumentNode, print } from 'graphql';

/** What graphql-ws sends. */
export type Payload = { query: string; variables: Record<string, unknown> };

export function payloadOf<Document extends DocumentNode>(
  operation: Document,
  variables: VariablesOf<Document>,
): Payload {
  return { query: print(operation), variables: { ...Object(variables) } };
}

export type { ResultOf, VariablesOf };
