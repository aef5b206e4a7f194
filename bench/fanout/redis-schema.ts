import { makeExecutableSchema } from '@graphql-tools/schema';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { channelOf, enumResolvers, typeDefs } from './schema.ts';

/** The schema with graphql-redis-subscriptions, as in its documentation. */
export function createRedisSchema(redisUrl: string) {
  const pubsub = new RedisPubSub({ publisher: new Redis(redisUrl), subscriber: new Redis(redisUrl) });
  return makeExecutableSchema({
    typeDefs,
    resolvers: {
      ...enumResolvers,
      Subscription: {
        agentLogs: {
          subscribe: (_root: unknown, { roomId }: { roomId: string }) =>
            pubsub.asyncIterableIterator(channelOf(roomId)),
          resolve: (line: unknown) => line,
        },
      },
    },
  });
}
