/** What a model answered to a paid request. */
export type PaidAnswer = {
  /** The answer as JSON. */
  json: string;
  /** Whether a caller has been told what it cost. */
  isReported: boolean;
};

/**
 * `claimed`: the caller may pay; `taken over`: it may pay, and the holder before it died, who may have paid; `taken`:
 * somebody else is paying, so ask again in a moment.
 */
export type Claim = PaidAnswer | 'claimed' | 'taken over' | 'taken';

/**
 * Remembers what was paid for, so that a repeated request is not paid again, also after a restart and in another
 * process. A claim ends by itself about ten seconds after it was made or renewed, so that the death of its holder
 * stops nobody. Answers are kept for a week.
 */
export type PaidAnswers = {
  /** Finds the answer to a request, or claims the request for this holder. */
  claim(id: string): Promise<Claim>;
  /** Prolongs claims of this holder. */
  renew(ids: readonly string[]): Promise<void>;
  /** Saves the answer and ends the claim. An answer that is already saved stays. */
  save(id: string, json: string): Promise<void>;
  /** Ends a claim of this holder without an answer. */
  release(id: string): Promise<void>;
  markReported(id: string): Promise<void>;
  /** Removes an answer that turned out to be useless, so that the next request is paid. */
  forget(id: string): Promise<void>;
};
