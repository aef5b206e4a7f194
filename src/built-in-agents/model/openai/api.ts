import type OpenAI from 'openai';
import { ModelFailure } from '../model-server.ts';
import { baseUrls } from './base-urls.ts';
import { checkedFetch } from './checked-fetch.ts';
import { type About, connectionFailure } from './failures.ts';

export type OpenAiSettings = {
  /** Null: the server asks for none. */
  apiKey: string | null;
  /** With or without /v1. */
  baseUrl: string;
  model: string;
  /** Null: pictures are drawn without a model. */
  imageModel: string | null;
};

/** Longest time for connecting and the head of a response. The whole request has a limit of its own. */
const TIMEOUT_MS = 10 * 60_000;

export type OpenAiApi = {
  label: string;
  /**
   * Makes one request with the SDK's client. The SDK is loaded with the first: the service should start quickly.
   * @param prompt what must not appear in an error
   * @throws {ModelFailure}
   */
  request<T>(prompt: string, send: (client: OpenAI, about: About) => Promise<T>): Promise<T>;
};

export function createOpenAiApi({ apiKey, baseUrl }: OpenAiSettings): OpenAiApi {
  const label = new URL(baseUrl).host;
  /** The first is where the API was found, once it was. */
  let candidates = baseUrls(baseUrl);

  async function sendTo<T>(base: string, about: About, send: (client: OpenAI, about: About) => Promise<T>): Promise<T> {
    const { default: Sdk } = await import('openai');
    const client = new Sdk({
      apiKey: apiKey ?? 'none',
      ...(apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
      // What the SDK would read from variables that this service does not have.
      ...{ adminAPIKey: null, organization: null, project: null, webhookSecret: null },
      baseURL: base,
      // The chain retries.
      maxRetries: 0,
      timeout: TIMEOUT_MS,
      // It would log requests, with what they contain.
      logLevel: 'off',
      fetch: checkedFetch(about),
    });
    try {
      return await send(client, about);
    } catch (error) {
      throw failureIn(error) ?? (error instanceof Sdk.APIConnectionError ? connectionFailure(error, about) : error);
    }
  }

  return {
    label,
    async request(prompt, send) {
      const about = { label, apiKey, prompt };
      let failure: unknown;
      for (const base of candidates) {
        try {
          const answer = await sendTo(base, about, send);
          candidates = [base];
          return answer;
        } catch (error) {
          if (!(error instanceof ModelFailure) || error.kind !== 'no-endpoint') throw error;
          failure ??= error;
        }
      }
      throw failure;
    },
  };
}

/** The failure that `checkedFetch` threw, which the SDK wraps. */
function failureIn(error: unknown): ModelFailure | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 6; depth += 1) {
    if (current instanceof ModelFailure) return current;
    current = current.cause;
  }
  return undefined;
}
