import { createServer } from 'node:http';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { StartContestant } from './contestant.ts';
import { listening } from './listening.ts';
import { createRedisSchema } from './redis-schema.ts';

type Enveloped = Pick<ReturnType<ReturnType<typeof createYoga>['getEnveloped']>, 'execute' | 'subscribe'>;

/** Yoga with graphql-ws, as in its documentation. */
export const start: StartContestant = async ({ redisUrl }) => {
  const yoga = createYoga({ schema: createRedisSchema(redisUrl), logging: false });
  const server = createServer((req, res) => void yoga(req, res));
  useServer(
    {
      execute: (args) => (args as ExecutionArgs & Enveloped).execute(args),
      subscribe: (args) => (args as ExecutionArgs & Enveloped).subscribe(args),
      async onSubscribe(ctx, _id, { operationName, query, variables }) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ ...ctx });
        const document = parse(query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        const contextValue = await contextFactory();
        return { schema, operationName, document, variableValues: variables, contextValue, execute, subscribe };
      },
    },
    new WebSocketServer({ server, path: '/graphql' }),
  );
  return listening(server);
};
