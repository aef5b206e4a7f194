/**
 * For Apollo Client, urql and any other client that uses graphql-ws: subscriptions that continue where they were when
 * the connection was lost. The operation must declare `$after` and select the line's `id`:
 *
 *   subscription ($roomId: ID!, $after: ID) { agentLogs(roomId: $roomId, after: $after) { id message } }
 */
import { ApolloClient, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient } from '@urql/core';
import type { Client, ExecutionResult } from 'graphql-ws';

type Logged = ExecutionResult<{ agentLogs?: { id?: string } }>;

export function resuming(client: Client): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      // graphql-ws sends this object again when it reconnects, with the values it has by then.
      const variables = { ...payload.variables };
      return client.subscribe(
        { ...payload, variables },
        {
          ...sink,
          next(result) {
            const id = (result as Logged).data?.agentLogs?.id;
            if (id !== undefined) variables['after'] = id;
            sink.next(result as never);
          },
        },
      );
    },
  };
}

/** Subscribe with `fetchPolicy: 'no-cache'`: log lines are events, and need no cache. */
export function apolloOver(client: Client): ApolloClient {
  return new ApolloClient({ link: new GraphQLWsLink(resuming(client)), cache: new InMemoryCache() });
}

export function urqlOver(client: Client, url: string): UrqlClient {
  const resumed = resuming(client);
  const subscriptions = subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {} }) => ({
      subscribe: (sink) => ({
        unsubscribe: resumed.subscribe({ query, variables: { ...variables } }, sink as never),
      }),
    }),
  });
  return new UrqlClient({ url, preferGetMethod: false, exchanges: [subscriptions] });
}
