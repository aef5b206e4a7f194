import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import { notificationSchema } from './notification-schema.ts';
import type { Subscribers } from './subscribers.ts';

/**
 * Decides whether a client may subscribe to a room.
 * @param connectionParams what the client sent when it connected; undefined if it sent nothing
 * @param roomId the room
 * @returns true to allow it. Any other value denies it, and so does an error.
 */
export type AuthorizeListener = (
  connectionParams: Readonly<Record<string, unknown>> | undefined,
  roomId: string,
) => boolean | Promise<boolean>;

/** What a connection adds to those of graphql-ws: the way to send a message to its client. */
export type ListenerConnection = { send(message: string): void };

/** Enough for the introspection query of any client, and too few to keep a server busy. */
const MAX_TOKENS = 1_000;

/**
 * The protocol graphql-transport-ws, run by graphql-ws. Notifications bypass it, because it would execute and serialize
 * each of them once per client.
 */
export function createNotificationProtocol(
  subscribers: Subscribers,
  authorize: AuthorizeListener | undefined,
): Server<ListenerConnection> {
  const schema = notificationSchema();

  return makeServer<Record<string, unknown>, ListenerConnection>({
    onSubscribe({ connectionParams, extra }, id, { query, variables, operationName }) {
      try {
        const document = parse(query, { maxTokens: MAX_TOKENS });
        const errors = validate(schema, document, specifiedRules);
        if (errors.length > 0) return errors;
        const args: ExecutionArgs = { schema, document, variableValues: variables, operationName };
        const messageStart = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
        const deploymentCompleted = async ({ roomId }: { roomId: string }) => {
          if (!(await isAllowed(authorize, connectionParams, roomId))) throw forbidden();
          const operation = JSON.stringify([query, variables, operationName]);
          const send = (result: string) => extra.send(`${messageStart}${result}}`);
          return idleSubscription(subscribers.add(roomId, { operation, args, send }));
        };
        return { ...args, rootValue: { ready: true, deploymentCompleted } };
      } catch (error) {
        return [error instanceof GraphQLError ? error : new GraphQLError('The operation cannot be read.')];
      }
    },
    subscribe: async (args) =>
      (await createSourceEventStream(args)) as AsyncIterable<ExecutionResult> | ExecutionResult,
  });
}

/**
 * Represents a subscription in the protocol: it yields nothing and stays open until `return()`.
 * @param onReturn called then
 */
function idleSubscription(onReturn: () => void): AsyncIterableIterator<never> {
  const { promise: ended, resolve: end } = Promise.withResolvers<IteratorResult<never>>();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => ended,
    return() {
      onReturn();
      end({ done: true, value: undefined });
      return ended;
    },
  };
}

async function isAllowed(authorize: AuthorizeListener | undefined, ...args: Parameters<AuthorizeListener>) {
  try {
    return authorize === undefined || (await authorize(...args)) === true;
  } catch {
    return false;
  }
}

const forbidden = () => new GraphQLError('You may not subscribe to this room.', { extensions: { code: 'FORBIDDEN' } });
