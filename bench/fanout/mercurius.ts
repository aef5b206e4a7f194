import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify from 'fastify';
import { mercurius } from 'mercurius';
import MQEmitterRedis from 'mqemitter-redis';
import type { StartContestant } from './contestant.ts';
import { channelOf, enumResolvers, typeDefs } from './schema.ts';

type Emitter = { subscribe(topic: string): Promise<unknown> };

/** Mercurius with its own emitter for Redis. */
export const start: StartContestant = async ({ redisUrl }) => {
  const app = fastify();
  await app.register(mercurius, {
    schema: makeExecutableSchema({
      typeDefs,
      resolvers: {
        ...enumResolvers,
        Subscription: {
          agentLogs: {
            subscribe: (_root: unknown, { roomId }: { roomId: string }, { pubsub }: { pubsub: Emitter }) =>
              pubsub.subscribe(channelOf(roomId)),
            resolve: (line: unknown) => line,
          },
        },
      },
    } as never),
    subscription: { emitter: MQEmitterRedis({ connectionString: redisUrl }), fullWsTransport: true },
  } as never);
  return { url: (await app.listen({ port: 0, host: '127.0.0.1' })).concat('/graphql') };
};
