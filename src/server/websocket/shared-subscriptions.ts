import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { PipeableIterator } from '../../orchestrator/ports/log.ts';
import { isAsyncIterable } from '../graphql/guard-stream.ts';
import type { Outlet } from './buffered-socket.ts';
import { createEventText, type EventText } from './payload-cache.ts';
import { createParkedStream } from './push-subscription.ts';
import { createSharingPlans, type SharingPlan } from './sharing-key.ts';

/** A subscription that was let in, and has not begun. */
export type SharedSubscription = {
  /** What the protocol is given in place of results: those are sent to the outlet, as messages for `id`. */
  sendTo(outlet: Outlet, id: string): AsyncIterableIterator<never>;
};

/** `seenAs`: names what the caller may see; whoever has the same may see the same. */
type Args = ExecutionArgs & { seenAs: string };
type Shared = { key: string; textOf: EventText; users: number };

/**
 * Tells many watchers the same: an event is executed and serialized once for all whose selection, variables that
 * matter to it, and right to see are the same. Who may watch is decided for each of them, by the field's `subscribe`.
 * @param format what may be sent of a result, as for subscriptions that are not shared.
 */
export function createFanOut(schema: GraphQLSchema, format: (result: ExecutionResult) => unknown) {
  const planOf = createSharingPlans(schema);
  const shared = new Map<string, Shared>();

  function join(plan: SharingPlan, args: Args): Shared {
    const key = sharingKey(plan, args);
    const found = shared.get(key) ?? { key, textOf: createEventText(args, format), users: 0 };
    found.users++;
    shared.set(key, found);
    return found;
  }

  function leave(left: Shared): void {
    left.users--;
    if (left.users === 0) shared.delete(left.key);
  }

  /** What is kept for each watcher: nothing of its arguments. */
  function park(source: PipeableIterator<object>, joined: Shared, outlet: Outlet, id: string) {
    return createParkedStream({ id, source, textOf: joined.textOf, outlet, onEnd: () => leave(joined) });
  }

  return {
    /** Null: it is not one to be shared. */
    planOf,
    async subscribe(args: Args, plan: SharingPlan): Promise<SharedSubscription | ExecutionResult> {
      const source = await createSourceEventStream(args);
      if (!isAsyncIterable(source)) return source;
      return { sendTo: (outlet, id) => park(source as PipeableIterator<object>, join(plan, args), outlet, id) };
    },
  };
}

function sharingKey({ selection, variables }: SharingPlan, { seenAs, variableValues }: Args): string {
  const values = variableValues ?? {};
  // One that is left out is not null: a default may stand for it.
  const given = variables.map((name) => (Object.hasOwn(values, name) ? [name, values[name]] : [name]));
  return JSON.stringify([seenAs, selection, given]);
}
