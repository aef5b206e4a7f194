import type { PaidAnswers } from '../../orchestrator/ports/paid-answers.ts';
import { createModel, type ModelCaller } from './create-model.ts';
import type { Model } from './model.ts';
import type { OpenAiSettings } from './openai/api.ts';
import { createOpenAiServer } from './openai/create-openai-server.ts';
import { paidAnswersInMemory } from './paid-answers-in-memory.ts';
import { createPaidRequests } from './paid-requests.ts';
import type { Prices } from './prices.ts';

export type ModelOptions = {
  settings: OpenAiSettings & { prices: Prices };
  /** What was paid for. @default remembered until the process ends */
  paidAnswers?: PaidAnswers | undefined;
  /** Repeats work on `paidAnswers` while they are unavailable. @default does not repeat it */
  retryWhileUnavailable?: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Time between two lines that say that the model is still working, in ms. @default 20000 */
  waitingMs?: number;
};

export type Models = {
  forCall(caller: ModelCaller): Model;
  /** Aborts requests in flight. */
  close(): Promise<void>;
};

/** The models for all built-in agents of a process. */
export function createModels(options: ModelOptions): Models {
  const { settings, paidAnswers = paidAnswersInMemory(), waitingMs = 20_000 } = options;
  const paid = createPaidRequests({
    answers: paidAnswers,
    retry: options.retryWhileUnavailable ?? ((work) => work()),
  });
  const deps = { server: createOpenAiServer(settings), prices: settings.prices, paid, waitingMs };
  return { forCall: (caller) => createModel(deps, caller), close: paid.close };
}
