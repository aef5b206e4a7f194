import DataLoader from 'dataloader';
import { outputChannel, type StepText } from '../../orchestrator/domain/step-output.ts';
import type { StepId } from '../../orchestrator/ports/dispatch.ts';
import type { KnownOutput, OutputReader } from '../../orchestrator/ports/output.ts';
import type { PubSub } from '../../orchestrator/ports/pubsub.ts';
import type { FeedSubscription, Hub } from '../hub.ts';
import { decodeOutput } from './output-codec.ts';
import { createOutputFeed, type OutputFeed, type OutputListener } from './output-feed.ts';

/** A step whose output is watched, and its room. */
export type WatchedStep = StepId & { roomId: string };

export type OutputHub = {
  /** From now on the listener is called; `unsubscribe` ends it. */
  subscribe(step: WatchedStep, listener: OutputListener): { feed: OutputFeed; unsubscribe: () => void };
  stats(): { feeds: number; watchers: number };
};

type WatchedOutput = { feed: OutputFeed; room: FeedSubscription; unsubscribe: (() => void) | null };

/**
 * One feed per watched step in this process. What pub/sub brings is passed on at once; Postgres is read
 * - when the feed opens, and again once pub/sub has accepted the subscription,
 * - when a piece does not follow what is known,
 * - after each line of the orchestrator in the room's log, since the attempt or the step may have ended,
 * - with each head of the room: after a reconnection and every two seconds.
 *
 * So whatever pub/sub loses is read, at the latest two seconds later, and by the end of the step.
 */
export function createOutputHub(deps: {
  hub: Hub;
  outputs: OutputReader;
  pubsub: Pick<PubSub, 'subscribe'>;
}): OutputHub {
  const { hub, outputs, pubsub } = deps;
  const steps = new Map<string, WatchedOutput>();
  /** All feeds that read in the same tick share a statement. */
  const loader = new DataLoader<KnownOutput, StepText | null>((known) => outputs.read(known), { cache: false });

  function open(key: string, { roomId, workflowId, agent }: WatchedStep): WatchedOutput {
    const step = { workflowId, agent };
    const onError = (error: unknown) => output.room.readFailed(error);
    const feed = createOutputFeed({ step, read: (known) => loader.load(known), onError });
    const room = hub.subscribe(roomId, {
      onLine: ({ agentType }) => {
        if (agentType === 'orchestrator') feed.read();
      },
      onHead: feed.read,
      onEnd: feed.close,
    });
    const output: WatchedOutput = { feed, room, unsubscribe: null };
    steps.set(key, output);
    feed.read();
    pubsub
      .subscribe(outputChannel(roomId, step), (message) => {
        const published = decodeOutput(message);
        if (published !== null) feed.receive(published);
      })
      .then((unsubscribe) => {
        if (steps.get(key) !== output) return unsubscribe();
        output.unsubscribe = unsubscribe;
        feed.read();
      })
      // Without the channel, Postgres is still read every two seconds.
      .catch(onError);
    return output;
  }

  function close(key: string, output: WatchedOutput): void {
    steps.delete(key);
    output.room.unsubscribe();
    output.unsubscribe?.();
  }

  return {
    subscribe(step, listener) {
      const key = `${step.workflowId} ${step.agent}`;
      const output = steps.get(key) ?? open(key, step);
      const { feed } = output;
      feed.listeners.add(listener);
      if (feed.isClosed()) {
        steps.delete(key);
        listener.onEnd();
      }
      return {
        feed,
        unsubscribe() {
          if (feed.listeners.delete(listener) && feed.listeners.size === 0) close(key, output);
        },
      };
    },
    stats: () => ({
      feeds: steps.size,
      watchers: [...steps.values()].reduce((sum, { feed }) => sum + feed.listeners.size, 0),
    }),
  };
}
