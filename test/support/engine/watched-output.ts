import { onTestFinished } from 'vitest';
import { createPublishOutput } from '../../../src/logs/output/output-codec.ts';
import { createPublishLines } from '../../../src/logs/publish-lines.ts';
import type { OutputEvent } from '../../../src/orchestrator/domain/step-output.ts';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import type { WorkflowEngineDeps } from '../../../src/orchestrator/workflow-engine.ts';
import { connectSse, connectWs } from '../clients/graphql-clients.ts';
import { waitFor } from '../wait-for.ts';

export const TRANSPORTS = [
  ['WebSocket', connectWs],
  ['server-sent events', connectSse],
] as const;

const STEP_OUTPUT = `subscription ($workflowId: ID!, $step: String!, $channel: String, $offset: Int, $after: ID) {
  stepOutput(workflowId: $workflowId, step: $step, channel: $channel, offset: $offset, after: $after) {
    id attempt channel offset text
  }
}`;

export type OutputVariables = {
  workflowId: string;
  step?: string;
  channel?: string | undefined;
  offset?: number | undefined;
  after?: string | undefined;
};

export type OutputWatcher = {
  events: OutputEvent[];
  /** The text of each channel, kept as schema.graphql describes. */
  texts: Map<string, string>;
  /** What does not follow what was received before; must stay empty. */
  gaps: OutputEvent[];
  isOver: () => boolean;
  /** Waits until the channel's text is this. */
  has(text: string, channel?: string): Promise<unknown>;
  ended(): Promise<unknown>;
  /** Disconnects. */
  leave(): Promise<void>;
  errors: unknown[];
};

/** A client of stepOutput that keeps the texts. Give it those of an earlier one to continue. */
export function watchOutput(
  connect: (typeof TRANSPORTS)[number][1],
  url: string,
  variables: OutputVariables,
  known: ReadonlyMap<string, string> = new Map(),
): OutputWatcher {
  const texts = new Map(known);
  const watcher: OutputWatcher = {
    events: [],
    texts,
    gaps: [],
    errors: [],
    isOver: () => isOver,
    has: (text, channel = 'output') => waitFor(`the text ${text} of ${channel}`, () => texts.get(channel) === text),
    ended: () => waitFor('the subscription to end', () => isOver),
    async leave() {
      isLeaving = true;
      await client.dispose();
    },
  };
  let isOver = false;
  let isLeaving = false;
  const client = connect(url);
  const answers = client.iterate<{ stepOutput: OutputEvent }>({
    query: STEP_OUTPUT,
    variables: { step: 'story', ...variables },
  });
  void (async () => {
    try {
      for await (const { data, errors } of answers) {
        if (errors !== undefined) watcher.errors.push(...errors);
        if (!data) continue;
        const event = data.stepOutput;
        const before = texts.get(event.channel) ?? '';
        if (event.offset !== 0 && event.offset !== before.length) watcher.gaps.push(event);
        watcher.events.push(event);
        texts.set(event.channel, before.slice(0, event.offset) + event.text);
      }
    } catch (error) {
      if (!isLeaving) watcher.errors.push(error);
    }
    isOver = true;
  })();
  onTestFinished(() => watcher.leave());
  return watcher;
}

/** Wraps an engine's dependencies so that it publishes lines and output. */
export const publishing =
  (pubsub: Pick<PubSub, 'publish'>) =>
  (deps: WorkflowEngineDeps): WorkflowEngineDeps => ({
    ...deps,
    publish: createPublishLines(pubsub.publish),
    publishOutput: createPublishOutput(pubsub.publish),
  });
