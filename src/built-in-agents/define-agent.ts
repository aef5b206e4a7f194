import type { z } from 'zod';
import type { Content } from '../orchestrator/ports/content.ts';
import type { Model } from './model/model.ts';
import type { DeployedPage, PageToDeploy } from './publish/deploy-page.ts';

/** What an agent works with during one call. */
export type Tools = {
  /** Reports progress, then pauses if a pace is set. Rejects once the caller has disconnected. */
  report: (message: string, metadata?: Record<string, unknown>) => Promise<void>;
  /**
   * Streams text that is added to what was written so far, as a person reads it. Like `report`, but the pause is short.
   * @param channel tells several texts of a step apart. @default 'output'
   */
  partial: (text: string, channel?: string) => Promise<void>;
  /** Reports what a paid request used. What is unknown is left out. */
  usage: (usage: Usage) => void;
  /** Stores a text or bytes under their CID, publishes them elsewhere if that is configured, and returns the CID. */
  store: (contentType: string, content: string | Uint8Array) => Promise<string>;
  /** Loads what is stored under a CID; null if nothing is. */
  load: (cid: string) => Promise<Content | null>;
  /** The URL at which browsers find what is stored under a CID. */
  urlOf: (cid: string) => string;
  /** Null: none is configured, and the agent works without one. */
  model: Model | null;
  /** Deploys a page to a host outside this service. Null: none is configured. */
  deploy: ((page: PageToDeploy) => Promise<DeployedPage>) | null;
};

/** What a paid request used. An absent field is unknown, not zero. */
export type Usage = {
  model?: string | undefined;
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  images?: number | undefined;
  /** In US dollars. */
  costUsd?: number | undefined;
};

export type Result = Record<string, unknown>;

/** One of the four agents: the path it is called at, and the work it does. */
export type BuiltInAgent = {
  path: string;
  /** Parses a request body into the work to do. @throws {Refusal} when the body is invalid */
  parse: (body: unknown) => (tools: Tools) => Promise<Result>;
};

/** The agent refuses a request: repeating it would fail again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** HTTP status, unless a stream has already begun. */
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.status = status;
  }
}

/** The agent cannot do its work at the moment: repeating the request may succeed. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';
  /** HTTP status, unless a stream has already begun. */
  readonly status: number;
  /** Seconds to wait before the next request; undefined: the caller decides. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    { status = 503, retryAfter }: { status?: number; retryAfter?: number | undefined } = {},
  ) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Defines an agent whose request body is validated by a schema. */
export function defineAgent<Input>(
  path: string,
  schema: z.ZodType<Input>,
  work: (input: Input, tools: Tools) => Promise<Result>,
): BuiltInAgent {
  return {
    path,
    parse: (body) => {
      const parsed = schema.safeParse(body);
      if (parsed.success) return (tools) => work(parsed.data, tools);
      const problems = parsed.error.issues.map(
        (issue) => `${issue.path.join('.') || 'request body'}: ${issue.message}`,
      );
      throw new Refusal(problems.join('; '), 400);
    },
  };
}
