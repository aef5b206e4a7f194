import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, PaidAnswers } from '../../orchestrator/ports/paid-answers.ts';
import { untilAborted } from '../../orchestrator/until-aborted.ts';

/** A request that nobody waits for any more ends after this time, in ms. */
const MAX_DURATION_MS = 10 * 60_000;
const RENEW_MS = 3_000;
/** Time between two looks for the answer that another process is paying for. */
const POLL_MS = 500;

export type PaidRequest<T> = {
  /** Idempotency-Key of the agent's call; null: the answer is not kept, and the request ends with the caller. */
  key: string | null;
  /** What is asked, as JSON: another question with the same key is another request. */
  question: unknown;
  /** Sends the request. */
  pay: (call: { signal: AbortSignal; onText: (text: string) => void }) => Promise<T>;
  /** Called with the text so far, then with each further piece. */
  onText: (text: string) => void;
  /** Called when an earlier request may have been paid although its process died before the answer was saved. */
  onLost: () => void;
  /** Aborts when the caller has disconnected. A request with a key goes on all the same: the retry finds its answer. */
  signal: AbortSignal;
};

export type PaidFor<T> = {
  answer: T;
  /** Whether it was paid by an earlier call. */
  isRepeated: boolean;
  /** Whether a caller has been told what it cost. */
  isReported: () => boolean;
  markReported: () => Promise<void>;
  /** The answer is useless: the next request is paid. */
  forget: () => Promise<void>;
};

export type PaidRequests = {
  run<T>(request: PaidRequest<T>): Promise<PaidFor<T>>;
  /** Aborts requests in flight. */
  close(): Promise<void>;
};

type InFlight = {
  done: Promise<PaidFor<unknown>>;
  text: string;
  listeners: Set<(text: string) => void>;
};

/**
 * Pays for each request once. A request that is repeated while the first is in flight gets the same answer: what was
 * written so far at once, then the rest as it comes. One that is repeated later gets the saved answer.
 */
export function createPaidRequests(deps: {
  answers: PaidAnswers;
  /** Repeats work on `answers` while they are unavailable. */
  retry: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
}): PaidRequests {
  const { answers, retry } = deps;
  const inFlight = new Map<string, InFlight>();
  const closing = new AbortController();

  async function perform<T>(id: string, request: PaidRequest<T>, onText: (text: string) => void): Promise<PaidFor<T>> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(MAX_DURATION_MS)]);
    const claim = await claimOrAnswer(id, signal);
    // It was saved below, by this process or another one of the same version.
    if (typeof claim === 'object') {
      return { ...paidFor(id, JSON.parse(claim.json) as T, claim.isReported), isRepeated: true };
    }
    if (claim === 'taken over') request.onLost();
    const renewing = setInterval(() => void answers.renew([id]).catch(() => undefined), RENEW_MS).unref();
    try {
      const answer = await request.pay({ signal, onText });
      await retry(() => answers.save(id, JSON.stringify(answer)), signal);
      return paidFor(id, answer, false);
    } catch (error) {
      await answers.release(id).catch(() => undefined);
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearInterval(renewing);
    }
  }

  /** @returns the saved answer, or that this process may pay */
  async function claimOrAnswer(id: string, signal: AbortSignal): Promise<Exclude<Claim, 'taken'>> {
    for (;;) {
      const claim = await retry(() => answers.claim(id), signal);
      if (claim !== 'taken') return claim;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  function paidFor<T>(id: string, answer: T, wasReported: boolean): PaidFor<T> {
    let isReported = wasReported;
    return {
      answer,
      isRepeated: false,
      isReported: () => isReported,
      async markReported() {
        isReported = true;
        await answers.markReported(id);
      },
      forget: () => answers.forget(id),
    };
  }

  function begin<T>(id: string, request: PaidRequest<T>): InFlight {
    const flight: InFlight = { done: Promise.resolve().then(start), text: '', listeners: new Set() };
    function start() {
      return perform(id, request, (text) => {
        flight.text += text;
        for (const listener of flight.listeners) listener(text);
      }).finally(() => inFlight.delete(id));
    }
    // Whoever waits sees the failure; nobody may be waiting.
    flight.done.catch(() => undefined);
    inFlight.set(id, flight);
    return flight;
  }

  return {
    async run<T>(request: PaidRequest<T>): Promise<PaidFor<T>> {
      const { key, question, pay, onText, signal } = request;
      if (key === null) {
        const within = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(MAX_DURATION_MS)]);
        const answer = await pay({ signal: within, onText });
        return {
          answer,
          isRepeated: false,
          isReported: () => false,
          markReported: async () => {},
          forget: async () => {},
        };
      }
      const id = createHash('sha256')
        .update(JSON.stringify([key, question]))
        .digest('hex');
      const begun = inFlight.get(id);
      const flight = begun ?? begin(id, request);
      if (flight.text !== '') onText(flight.text);
      flight.listeners.add(onText);
      try {
        // The same id stands for the same kind of request.
        const paid = (await untilAborted(flight.done, signal)) as PaidFor<T>;
        return { ...paid, isRepeated: paid.isRepeated || begun !== undefined };
      } finally {
        flight.listeners.delete(onText);
      }
    },
    async close() {
      closing.abort(new Error('the agent is shutting down'));
      await Promise.allSettled([...inFlight.values()].map(({ done }) => done));
    },
  };
}
