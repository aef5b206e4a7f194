import {
  GraphQLError,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { roomNotFound } from '../../../src/orchestrator/request-error.ts';

/** Stands for the error of an unavailable database. */
export class DatabaseUnavailable extends Error {}

export const SECRET = 'password=hunter2';

/** Resolvers that each fail in a different way. */
const failures = {
  request: () => {
    throw roomNotFound();
  },
  graphql: () => {
    throw new GraphQLError('an expected error', { extensions: { code: 'ON_PURPOSE' } });
  },
  unavailable: () => {
    throw new DatabaseUnavailable('connect ECONNREFUSED');
  },
  unexpected: () => {
    throw new Error(SECRET);
  },
};

export type TestSchemaContext = { viewerId: string };

export type TestSchemaHooks = {
  /** The source of the subscription `watch`, or a promise for it. */
  watch?: () => AsyncIterable<number> | Promise<AsyncIterable<number>>;
  /** The result of the query `slow`. */
  slow?: () => Promise<string>;
};

/** A small schema with an operation of each kind that the server treats differently. */
export function createTestSchema({ watch, slow }: TestSchemaHooks = {}): GraphQLSchema {
  const string = { type: GraphQLString };
  const number = { type: new GraphQLNonNull(GraphQLInt), resolve: (value: unknown) => value };
  const query: GraphQLFieldConfigMap<unknown, TestSchemaContext> = {
    hello: { ...string, resolve: () => 'hello' },
    viewerId: { ...string, resolve: (_root, _args, context) => context.viewerId },
    slow: { ...string, resolve: () => slow?.() },
    ...Object.fromEntries(Object.entries(failures).map(([name, resolve]) => [name, { ...string, resolve }])),
  };
  const mutation: GraphQLFieldConfigMap<unknown, TestSchemaContext> = {
    double: {
      type: new GraphQLNonNull(GraphQLInt),
      args: { of: { type: new GraphQLNonNull(GraphQLInt) } },
      resolve: (_root, { of }) => of * 2,
    },
  };
  const subscription: GraphQLFieldConfigMap<unknown, TestSchemaContext> = {
    countTo: {
      ...number,
      args: { last: { type: new GraphQLNonNull(GraphQLInt) } },
      async *subscribe(_root, { last }) {
        for (let n = 1; n <= last; n += 1) yield n;
      },
    },
    watch: { ...number, subscribe: () => watch?.() },
    refused: { ...number, subscribe: failures.request },
  };
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: query }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: mutation }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: subscription }),
  });
}
