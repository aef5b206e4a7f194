import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { StartContestant } from './contestant.ts';
import { listening } from './listening.ts';
import { createRedisSchema } from './redis-schema.ts';

/** Apollo Server with graphql-ws, as in its documentation. The subscriptions are executed by graphql itself. */
export const start: StartContestant = async ({ redisUrl }) => {
  const schema = createRedisSchema(redisUrl);
  const server = createServer();
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
  await new ApolloServer({ schema }).start();
  return listening(server);
};
