import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ServerObserver } from '../../orchestrator/ports/observer.ts';
import { isAsyncIterable } from '../streams/guard-stream.ts';
import type { OperationContext } from './sse-plugins.ts';

/** Reports each operation once it is answered; a subscription over HTTP once it is accepted or refused. */
export function observeOperations(observer: ServerObserver): Plugin<object, OperationContext> {
  return {
    onExecute({ args: { document, operationName } }) {
      const operation = getOperationAST(document, operationName)?.operation ?? 'query';
      const startedAt = performance.now();
      return {
        onExecuteDone({ result }) {
          const isOk = isAsyncIterable(result) || !result.errors?.length;
          observer.executed(operation, isOk, performance.now() - startedAt);
        },
      };
    },
    onSubscribe({ args: { contextValue } }) {
      // Over WebSocket, subscriptions that are shared do not come this way: all of them are reported there.
      if (!('res' in contextValue)) return;
      const startedAt = performance.now();
      return {
        onSubscribeResult: ({ result }) =>
          observer.executed('subscription', isAsyncIterable(result), performance.now() - startedAt),
      };
    },
  };
}
