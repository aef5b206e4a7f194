import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { type Context, makeServer, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import type { ServerObserver } from '../../orchestrator/ports/observer.ts';
import { RequestError } from '../../orchestrator/request-error.ts';
import { missingDocument } from '../graphql/check-params.ts';
import type { GraphQLEngine } from '../graphql/engine.ts';
import { formatError, type MaskError } from '../graphql/mask-error.ts';
import type { RequestGuard } from '../http/request-guard.ts';
import { costError } from '../limits/query-cost.ts';
import { isPermit, MAX_OPERATIONS_PER_SOCKET, type SocketLimits } from '../limits/socket-limits.ts';
import type { ServerLog } from '../server-options.ts';
import { atExpiry } from '../streams/expiry-timer.ts';
import { guardStream, isAsyncIterable } from '../streams/guard-stream.ts';
import type { BufferedSocket } from './buffered-socket.ts';
import { CLOSE_REASONS, closeReason, FORBIDDEN, GOING_AWAY, TRY_AGAIN_LATER } from './close-codes.ts';
import { createSharedSubscriptions, type Destination } from './shared-subscriptions.ts';

/** One WebSocket. Its upgrade request is not kept: many sockets stay open for long. */
export type SocketConnection = {
  address: string;
  /** The Authorization header of the upgrade request. */
  authorization: string | null;
  /** Set once the connection is acknowledged. */
  caller: Caller | null;
  /** Closes the socket and ends its subscriptions immediately. */
  end: (code: number, reason: string) => void;
  isClosed: () => boolean;
  /** Registers what to do when the socket closes. Tasks registered after that are not called. */
  onClose: (task: () => void) => void;
  socket: BufferedSocket;
  /** Whether an operation arrived since the last check for idleness. */
  wasUsed: boolean;
};

export type GraphQLOverWebSocketOptions = {
  schema: GraphQLSchema;
  engine: GraphQLEngine;
  guard: RequestGuard;
  socketLimits: SocketLimits;
  /** A socket without an operation for this long is closed, in ms. */
  idleMs: number;
  mask: MaskError;
  observer?: ServerObserver;
  log: ServerLog;
};

type ConnectionParams = Record<string, unknown> | undefined;
type Hooks = Required<ServerOptions<ConnectionParams, SocketConnection>>;
type Enveloped = ReturnType<GraphQLEngine['getEnveloped']>;
type Operation = ExecutionArgs & Pick<Enveloped, 'execute' | 'subscribe'> & { visibility: string };
/** What `onSubscribe` returns. graphql-ws passes it on to `execute` and `subscribe`. */
type PreparedArgs = Operation & Destination;

/**
 * The graphql-transport-ws protocol, run by graphql-ws. An error in one operation becomes an `error` or `next` message
 * for its id: if these hooks threw, the socket would be closed, and all other operations with it.
 */
export function createGraphQLOverWebSocket(options: GraphQLOverWebSocketOptions) {
  const { schema, engine, guard, socketLimits, idleMs, mask, log } = options;
  const masked = ({ errors, ...result }: ExecutionResult): ExecutionResult =>
    errors === undefined ? result : { ...result, errors: errors.map(mask) };
  const sharedSubscriptions = createSharedSubscriptions(schema, (result) => format(masked(result)));

  const onConnect: Hooks['onConnect'] = async (context) => {
    const { extra, connectionParams } = context;
    const authorization = authorizationOf(connectionParams) ?? extra.authorization;
    try {
      extra.caller = await guard.identify(extra.address, { authorization });
    } catch (error) {
      const { message, extensions } = mask(error);
      const { code } = extensions;
      // Any other error is the server's: the endpoint closes the socket with a code that says so.
      if (code !== 'UNAUTHENTICATED' && code !== 'RATE_LIMITED') throw error;
      extra.end(code === 'RATE_LIMITED' ? TRY_AGAIN_LATER : FORBIDDEN, closeReason(message));
      return false;
    }
    // The client left during authentication: nothing may start that nobody would end.
    if (extra.isClosed()) return false;
    const permit = socketLimits.sockets.ofViewer(extra.caller.viewerId);
    if (!isPermit(permit)) {
      extra.end(TRY_AGAIN_LATER, closeReason(permit.refusal));
      return false;
    }
    extra.onClose(permit);
    endWhenIdle(context, idleMs);
    const { expiresAtMs } = extra.caller;
    if (expiresAtMs !== undefined) {
      extra.onClose(atExpiry(expiresAtMs, () => extra.end(FORBIDDEN, CLOSE_REASONS.tokenExpired)));
    }
    return true;
  };

  const onSubscribe: Hooks['onSubscribe'] = async ({ extra, subscriptions }, id, payload) => {
    try {
      if (extra.caller === null) throw new Error('operation on a connection that was not acknowledged');
      extra.wasUsed = true;
      // graphql-ws has already added this operation to `subscriptions`.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) throw tooManyOperations();
      await guard.operation(extra.address, extra.caller);
      const missing = missingDocument({ ...payload });
      if (missing !== null) throw missing;
      const operation = await prepare(extra.caller, extra.address, payload);
      return Array.isArray(operation) ? operation : { ...operation, id, socket: extra.socket };
    } catch (error) {
      return [mask(error)];
    }
  };

  const prepare = async (
    caller: Caller,
    address: string,
    payload: SubscribePayload,
  ): Promise<Operation | readonly GraphQLError[]> => {
    const { query, variables: variableValues, operationName } = payload;
    const { schema, parse, validate, contextFactory, execute, subscribe } = engine.getEnveloped({ address, caller });
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors;
    if (!getOperationAST(document, operationName)) return [unknownOperation()];
    const tooCostly = costError({ schema, document, variableValues, operationName });
    if (tooCostly !== null) return [tooCostly];
    const contextValue = await contextFactory();
    // Everything about the caller except when the token expires, which ends the socket.
    const { expiresAtMs: _, ...identity } = caller;
    const visibility = JSON.stringify(identity);
    return { schema, document, variableValues, operationName, contextValue, execute, subscribe, visibility };
  };

  const execute = async (args: PreparedArgs) => guarded(await args.execute(args));

  const subscribe = async (prepared: PreparedArgs) => {
    const plan = sharedSubscriptions.planOf(prepared.document, prepared.operationName);
    if (plan === null) return guarded(await prepared.subscribe(prepared));
    const { id, socket, ...operation } = prepared;
    releaseOperation(prepared);
    const result = await sharedSubscriptions.subscribe(plan, operation, { id, socket });
    // A push subscription needs no guard: it ends once, and its `return()` never rejects.
    return isAsyncIterable(result) ? result : masked(result);
  };

  const observed = async <T>(run: () => Promise<T>): Promise<T> => {
    if (options.observer === undefined) return run();
    const startedAt = performance.now();
    const result = await run();
    options.observer.executed('subscription', isAsyncIterable(result), performance.now() - startedAt);
    return result;
  };

  const guarded = (result: ExecutionResult | AsyncIterable<ExecutionResult>) =>
    isAsyncIterable(result)
      ? guardStream(result, {
          onError: (error): never => {
            throw mask(error);
          },
          onCloseError: (error) => log.error({ err: error }, 'closing a subscription failed'),
        })
      : result;

  const withMaskedErrors = async <T>(run: () => Promise<T>): Promise<T | ExecutionResult> => {
    try {
      return await run();
    } catch (error) {
      return { errors: [mask(error)] };
    }
  };

  return makeServer<ConnectionParams, SocketConnection>({
    onConnect,
    onSubscribe,
    execute: (args) => withMaskedErrors(() => execute(args as PreparedArgs)),
    subscribe: (args) => withMaskedErrors(() => observed(() => subscribe(args as PreparedArgs))),
    onNext: (_context, _id, _payload, _args, result) => format(result as ExecutionResult),
    onError: (_context, _id, _payload, errors) => errors.map((error) => formatError(mask(error))),
  });
}

const tooManyOperations = () =>
  new RequestError(
    'RATE_LIMITED',
    `At most ${MAX_OPERATIONS_PER_SOCKET} concurrent operations per WebSocket. Complete some or open another connection.`,
    { retryAfterMs: 1_000 },
  );

function endWhenIdle(
  { extra, subscriptions }: Pick<Context<ConnectionParams, SocketConnection>, 'extra' | 'subscriptions'>,
  idleMs: number,
): void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    extra.wasUsed = false;
    timer = setTimeout(check, idleMs).unref();
  };
  const check = () => {
    if (extra.wasUsed || Object.keys(subscriptions).length > 0) wait();
    else extra.end(GOING_AWAY, CLOSE_REASONS.idle(idleMs));
  };
  wait();
  extra.onClose(() => clearTimeout(timer));
}

/** The same error as over HTTP. */
const unknownOperation = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** From connectionParams; accepts both spellings, since HTTP clients use the capital letter. */
function authorizationOf(params: ConnectionParams): string | null {
  const value = params?.['authorization'] ?? params?.['Authorization'];
  return typeof value === 'string' ? value : null;
}

/** graphql-ws keeps the arguments as long as the subscription; without this, every watcher would keep its context. */
function releaseOperation(args: PreparedArgs): void {
  Object.assign(args, { contextValue: undefined, execute: undefined, subscribe: undefined });
}

function format({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map(formatError) };
}
