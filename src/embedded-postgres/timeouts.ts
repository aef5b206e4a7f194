/** How long to wait for a server, in ms. */
export type Timeouts = {
  /** For an answer of one that says it is ready, before it counts as hung. */
  answerMs: number;
  /** For one to become ready; after a crash it first replays its log. */
  startMs: number;
  /** For a fast shutdown, before it is made an immediate one. */
  stopMs: number;
};

export const DEFAULT_TIMEOUTS: Timeouts = { answerMs: 10_000, startMs: 60_000, stopMs: 30_000 };
