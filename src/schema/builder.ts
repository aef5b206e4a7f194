import SchemaBuilder from '@pothos/core';
import type { GraphQLContext } from './context.ts';
import type { InstantInput } from './instant.ts';

/** The types that resolvers are checked against. Fields are non-null unless declared otherwise. */
export type SchemaShape = {
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: InstantInput; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
};

/** The files of this folder add their types and fields to it; src/schema/index.ts imports them all. */
export const builder = new SchemaBuilder<SchemaShape>({ defaultFieldNullability: false });

/** The builder's form of `SchemaShape`, for functions that take its refs. */
export type SchemaTypes = (typeof builder)['$inferSchemaTypes'];

builder.queryType({
  description: 'Reads. A viewer sees only their own data; anything else counts as not found.',
});
builder.mutationType({ description: 'Changes. A change is durable when the response arrives.' });
builder.subscriptionType({
  description:
    'Live updates over WebSocket (graphql-transport-ws) or server-sent events. A client that reconnects and passes ' +
    'its last position misses nothing.',
});
