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
import { openUntilLeft } from './idle-subscription.ts';
import { notificationSchema } from './notification-schema.ts';
import type { Subscribers } from './subscribers.ts';

/**
 * Decides whether a client may listen to a room.
 * @param connectionParams what the client sent when it connected; undefined when it sent nothing
 * @param roomId the room that it wants to listen to
 * @returns true to let it; anything else refuses, and so does throwing or rejecting
 */
export type AuthorizeListener = (
  connectionParams: Readonly<Record<string, unknown>> | undefined,
  roomId: string,
) => boolean | Promise<boolean>;

/** What a connection brings along: how a message goes to its client. */
export type Connection = { send(message: string): void };

/** Enough for any client's introspection, and too few to keep a server busy. */
const MAX_TOKENS = 1_000;

/**
 * graphql-transport-ws, run by graphql-ws. Notifications go past it: it would execute and write each of them once for
 * every client.
 */
export function createNotificationProtocol(
  subscribers: Subscribers,
  authorize: AuthorizeListener | undefined,
): Server<Connection> {
  const schema = notificationSchema();

  return makeServer<Record<string, unknown>, Connection>({
    onSubscribe({ connectionParams, extra }, id, { query, variables, operationName }) {
      try {
        const document = parse(query, { maxTokens: MAX_TOKENS });
        const errors = validate(schema, document, specifiedRules);
        if (errors.length > 0) return errors;
        const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
        const args: ExecutionArgs = { schema, document, variableValues: variables, operationName };
        const deploymentCompleted = async ({ roomId }: { roomId: string }) => {
          if (!(await isAllowed(authorize, connectionParams, roomId))) throw forbidden();
          const operation = JSON.stringify([query, variables, operationName]);
          const send = (result: string) => extra.send(`${prefix}${result}}`);
          return openUntilLeft(subscribers.add(roomId, { operation, args, send }));
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

async function isAllowed(authorize: AuthorizeListener | undefined, ...asked: Parameters<AuthorizeListener>) {
  try {
    return authorize === undefined || (await authorize(...asked)) === true;
  } catch {
    return false;
  }
}

const forbidden = () => new GraphQLError('You may not listen to this room.', { extensions: { code: 'FORBIDDEN' } });
