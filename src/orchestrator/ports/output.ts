import type { OutputPiece, OutputSource, StepText } from '../domain/step-output.ts';
import type { StepId } from './dispatch.ts';
import type { Lease } from './store.ts';

/*
 * A step's output is text that may be lost: the result is what counts. It is saved a few times a second, one row a
 * channel, and published once it is saved.
 */

/**
 * Saves the next pieces of an attempt's channels, at most one a channel. The same pieces may be saved again, if the
 * answer was lost.
 * @param isLast they are saved at once, not together with those of other attempts.
 * @returns false when the lease is no longer held, and nothing was saved.
 */
export type SaveOutput = (
  lease: Lease,
  attempt: number,
  pieces: readonly OutputPiece[],
  isLast: boolean,
) => Promise<boolean>;

/** Saved pieces of one call, in the order of their offsets. */
export type PublishedOutput = OutputSource & { pieces: readonly OutputPiece[] };

/** Fire and forget: what is lost is read from Postgres. Never throws. */
export type PublishOutput = (roomId: string, output: PublishedOutput) => void;

/** A step whose text is read, unless it is still as it is known: its last call, and the length of all channels. */
export type KnownOutput = StepId & { call: number; length: number };

/** Takes no viewer: the caller has checked that the viewer owns the workflow. */
export type OutputReader = {
  /** A text for each of the steps: empty if it is unchanged, null if there is no such step. */
  read(steps: readonly KnownOutput[]): Promise<(StepText | null)[]>;
};

/** @see Subscriptions.stepOutput */
export type StepOutputArgs = StepId & { channel?: string; offset?: number; after?: string };
