import type { Connection } from '../api/connection.ts';
import { OUTPUT, type OutputPart } from '../room/operations.ts';
import { createStore, type Store } from '../shared/store.ts';

/** The text of each channel, in the order in which they appeared. */
export type OutputTexts = ReadonlyMap<string, string>;

/** A part replaces what stands at its offset and after it: text of an earlier attempt, if the offset is 0. */
export function withPart(texts: OutputTexts, { channel, offset, text }: Omit<OutputPart, 'id'>): OutputTexts {
  return new Map(texts).set(channel, (texts.get(channel) ?? '').slice(0, offset) + text);
}

/** The text that a step's agent streams, as it grows: each part once, across lost connections and restarts. */
export function openOutput(
  connection: Connection,
  workflowId: string,
  step: string,
): Store<OutputTexts> & { close(): void } {
  const store = createStore<OutputTexts>(new Map());
  let after: string | null = null;
  const close = connection.watch(OUTPUT, () => ({ workflowId, step, after }), {
    next({ stepOutput }) {
      after = stepOutput.id;
      store.set(withPart(store.get(), stepOutput));
    },
  });
  return { ...store, close };
}
