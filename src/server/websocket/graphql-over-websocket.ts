import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { CloseCode, type Context, makeServer, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import { RequestError } from '../../orchestrator/errors.ts';
import type { Caller } from '../../orchestrator/ports/caller.ts';
import { whenDue } from '../at-expiry.ts';
import type { GraphQLEngine } from '../graphql/engine.ts';
import { guardStream, isAsyncIterable } from '../graphql/guard-stream.ts';
import { formatError, type MaskError } from '../graphql/mask-error.ts';
import type { Admission } from '../http/request-guard.ts';
import { tooCostly } from '../limits/query-cost.ts';
import { MAX_OPERATIONS_PER_SOCKET, type SocketLimits } from '../limits/socket-limits.ts';
import type { ServerLog } from '../options.ts';
import type { Outlet } from './buffered-socket.ts';
import { closeReason, TRY_AGAIN_LATER } from './close-reason.ts';
import { createFanOut, type SharedSubscription } from './shared-subscriptions.ts';

/** What is kept of a WebSocket's request, which is not: many sockets wait for long. */
export type Connection = {
  address: string;
  /** Of its headers. */
  authorization: string | null;
  /** Set once the connection is acknowledged. */
  caller: Caller | null;
  /** Ends the socket and its subscriptions at once. */
  end: (code: number, reason: string) => void;
  isGone: () => boolean;
  /** What is to be done when the socket is gone; not called after that. */
  whenGone: (task: () => void) => void;
  outlet: Outlet;
  /** An operation came since it was last looked whether any does. */
  used: boolean;
};

export type GraphQLWebSocketOptions = {
  schema: GraphQLSchema;
  engine: GraphQLEngine;
  admission: Admission;
  socketLimits: SocketLimits;
  /** A socket without an operation for so long is closed, in ms. */
  idleMs: number;
  mask: MaskError;
  log: ServerLog;
};

/** Of RFC 6455: clients come back. */
const GOING_AWAY = 1001;

type ConnectionParams = Record<string, unknown> | undefined;
type Hooks = Required<ServerOptions<ConnectionParams, Connection>>;
type Enveloped = ReturnType<GraphQLEngine['getEnveloped']>;
/** graphql-ws hands the arguments back to `execute` and `subscribe`: that is how they find their operation's. */
type PreparedArgs = ExecutionArgs & Pick<Enveloped, 'execute' | 'subscribe'> & { seenAs: string };
type Result = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * The graphql-transport-ws protocol, run by graphql-ws. What goes wrong in one operation becomes an `error` or `next`
 * message for its id: an exception that left these hooks would close the socket, and with it all others on it.
 */
export function createGraphQLOverWebSocket(options: GraphQLWebSocketOptions) {
  const { schema, engine, admission, socketLimits, idleMs, mask, log } = options;
  const masked = ({ errors, ...result }: ExecutionResult): ExecutionResult =>
    errors === undefined ? result : { ...result, errors: errors.map(mask) };
  const fanOut = createFanOut(schema, (result) => format(masked(result)));

  const prepare = async (caller: Caller, address: string, payload: SubscribePayload) => {
    const { query, variables, operationName } = payload;
    const { schema, parse, validate, contextFactory, execute, subscribe } = engine.getEnveloped({ address, caller });
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors;
    if (!getOperationAST(document, operationName)) return [unknownOperation()];
    const tooMuch = tooCostly({ schema, document, variableValues: variables, operationName });
    if (tooMuch !== null) return [tooMuch];
    const contextValue = await contextFactory();
    const args = { schema, document, variableValues: variables, operationName, contextValue, execute, subscribe };
    // All of a caller but when the token ends: that ends the socket.
    const { expiresAtMs: _, ...identity } = caller;
    return { ...args, seenAs: JSON.stringify(identity) };
  };

  const run = async (operation: () => Result | Promise<Result>) => {
    try {
      const result = await operation();
      return isAsyncIterable(result) ? guardStream(result, guards) : result;
    } catch (error) {
      return { errors: [mask(error)] };
    }
  };

  const subscribe = async (args: PreparedArgs): Promise<Result> => {
    const plan = fanOut.planOf(args.document, args.operationName);
    if (plan === null) return args.subscribe(args);
    const result = await fanOut.subscribe(takeOut(args), plan);
    // Not for the protocol to see: `onOperation` takes it up.
    return isSharedSubscription(result) ? (result as unknown as Result) : masked(result);
  };

  const guards = {
    onError: (error: unknown): never => {
      throw mask(error);
    },
    onCloseError: (error: unknown) => log.error({ err: error }, 'a subscription could not be closed'),
  };

  const onConnect: Hooks['onConnect'] = async (context) => {
    const { extra, connectionParams } = context;
    const authorization = authorizationOf(connectionParams) ?? extra.authorization;
    try {
      extra.caller = await admission.identify(extra.address, { authorization });
    } catch (error) {
      // Anything but a refusal is ours, and the client may try again.
      const { message, extensions } = mask(error);
      const { code } = extensions;
      if (code !== 'UNAUTHENTICATED' && code !== 'RATE_LIMITED') throw error;
      extra.end(code === 'RATE_LIMITED' ? TRY_AGAIN_LATER : CloseCode.Forbidden, closeReason(message));
      return false;
    }
    // It left while its token was looked at: nothing is to be begun that nobody ends.
    if (extra.isGone()) return false;
    const place = socketLimits.sockets.ofViewer(extra.caller.viewerId);
    if (typeof place !== 'function') {
      extra.end(TRY_AGAIN_LATER, closeReason(place.refusal));
      return false;
    }
    extra.whenGone(place);
    endWhenIdle(context, idleMs);
    const { expiresAtMs } = extra.caller;
    if (expiresAtMs !== undefined) {
      const callOff = whenDue(expiresAtMs, () => extra.end(CloseCode.Forbidden, 'Token expired'));
      extra.whenGone(callOff);
    }
    return true;
  };

  const onSubscribe: Hooks['onSubscribe'] = async ({ extra, subscriptions }, _id, payload) => {
    try {
      if (extra.caller === null) throw new Error('an operation on a connection that was not acknowledged');
      extra.used = true;
      // This one is among them already.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) throw tooManyOperations();
      await admission.operation(extra.address, extra.caller);
      return await prepare(extra.caller, extra.address, payload);
    } catch (error) {
      return [mask(error)];
    }
  };

  return makeServer<ConnectionParams, Connection>({
    onConnect,
    onSubscribe,
    execute: (args) => run(() => (args as PreparedArgs).execute(args)),
    subscribe: (args) => run(() => subscribe(args as PreparedArgs)),
    onOperation: ({ extra }, id, _payload, _args, result) =>
      isSharedSubscription(result) ? result.sendTo(extra.outlet, id) : undefined,
    onNext: (_context, _id, _payload, _args, result) => format(result as ExecutionResult),
    onError: (_context, _id, _payload, errors) => errors.map((error) => formatError(mask(error))),
  });
}

const tooManyOperations = () =>
  new RequestError(
    'RATE_LIMITED',
    `${MAX_OPERATIONS_PER_SOCKET} operations of one WebSocket are the most; complete some, or open another.`,
    { retryAfterMs: 1_000 },
  );

function endWhenIdle(
  { extra, subscriptions }: Pick<Context<ConnectionParams, Connection>, 'extra' | 'subscriptions'>,
  idleMs: number,
): void {
  let callOff = () => {};
  const look = () => {
    if (!extra.used && Object.keys(subscriptions).length === 0) extra.end(GOING_AWAY, 'Idle');
    else begin();
  };
  const begin = () => {
    extra.used = false;
    callOff = whenDue(Date.now() + idleMs, look);
  };
  begin();
  extra.whenGone(() => callOff());
}

/** As over HTTP. */
const unknownOperation = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** What connectionParams say; HTTP clients are used to the capital letter. */
function authorizationOf(params: ConnectionParams): string | null {
  const value = params?.['authorization'] ?? params?.['Authorization'];
  return typeof value === 'string' ? value : null;
}

/** graphql-ws keeps the arguments for as long as a subscription lives, and what they lead to for each watcher. */
function takeOut(args: PreparedArgs): PreparedArgs {
  const taken = { ...args };
  Object.assign(args, { contextValue: undefined, execute: undefined, subscribe: undefined });
  return taken;
}

function format({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map(formatError) };
}

function isSharedSubscription(result: object): result is SharedSubscription {
  return 'sendTo' in result;
}
