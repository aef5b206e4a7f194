import SchemaBuilder from '@pothos/core';
import type { GraphQLContext } from './context.ts';
import type { InstantInput } from './instant.ts';

/** What the resolvers are checked against. Fields are non-null unless they say so, as in the contract. */
export type SchemaShape = {
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: InstantInput; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
};

/** Every file of this folder adds its part to it; index.ts imports them all. */
export const builder = new SchemaBuilder<SchemaShape>({ defaultFieldNullability: false });

/** The builder's own view of `SchemaShape`, for functions that take its refs. */
export type SchemaTypes = (typeof builder)['$inferSchemaTypes'];

builder.queryType({
  description: 'What can be read. Everything is seen by the viewer who asks: the rest does not exist.',
});
builder.mutationType({ description: 'What can be changed. A change is durable when its answer arrives.' });
builder.subscriptionType({
  description:
    'What can be watched, over WebSocket (graphql-transport-ws) or server-sent events. A client that lost its ' +
    'connection subscribes again from where it was and misses nothing.',
});
