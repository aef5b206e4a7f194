import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { PipeableIterator } from '../../orchestrator/ports/log.ts';
import { isAsyncIterable } from '../streams/guard-stream.ts';
import type { BufferedSocket } from './buffered-socket.ts';
import { createPayloadCache, type PayloadOf } from './payload-cache.ts';
import { createPushSubscription, type PushSubscription } from './push-subscription.ts';
import { createSharingPlanner, type SharingArgs, type SharingPlan, sharingKey } from './sharing-key.ts';

/** Where a subscription's messages go: the operation's id and the socket. */
export type Destination = { id: string; socket: BufferedSocket };

type SharedPayloads = { key: string; payloadOf: PayloadOf; subscriptions: number };

/**
 * The fan-out: an event is executed and serialized once for all subscriptions with the same sharing key. Access is
 * still checked for each subscription, by the field's `subscribe`.
 * @param format turns a result into what clients may see, as for subscriptions that are not shared
 */
export function createSharedSubscriptions(schema: GraphQLSchema, format: (result: ExecutionResult) => unknown) {
  const planOf = createSharingPlanner(schema);
  const payloadsByKey = new Map<string, SharedPayloads>();

  function acquire(plan: SharingPlan, args: ExecutionArgs & SharingArgs): SharedPayloads {
    const key = sharingKey(plan, args);
    const payloads = payloadsByKey.get(key) ?? { key, payloadOf: createPayloadCache(args, format), subscriptions: 0 };
    payloads.subscriptions++;
    payloadsByKey.set(key, payloads);
    return payloads;
  }

  function release(payloads: SharedPayloads): void {
    payloads.subscriptions--;
    if (payloads.subscriptions === 0) payloadsByKey.delete(payloads.key);
  }

  /** A function of its own, so that no subscription keeps its arguments in memory. */
  function push(
    source: PipeableIterator<object>,
    payloads: SharedPayloads,
    { id, socket }: Destination,
  ): PushSubscription {
    const { payloadOf } = payloads;
    return createPushSubscription({ id, source, payloadOf, socket, onEnd: () => release(payloads) });
  }

  return {
    planOf,
    /** @returns the subscription, which starts at its first `next()`; or a result with the errors that refuse it */
    async subscribe(
      plan: SharingPlan,
      args: ExecutionArgs & SharingArgs,
      destination: Destination,
    ): Promise<PushSubscription | ExecutionResult> {
      const source = await createSourceEventStream(args);
      if (!isAsyncIterable(source)) return source;
      // The schema marks only fields that return a `PipeableIterator` as shared.
      return push(source as PipeableIterator<object>, acquire(plan, args), destination);
    },
  };
}
