import type { z } from 'zod';
import type { Content } from '../orchestrator/ports/content.ts';

/** What a built-in agent works with. */
export type Tools = {
  /** Tells of progress, and waits for a moment where a pace is set. Rejects when nobody waits for the answer any more. */
  say: (message: string, metadata?: Record<string, unknown>) => Promise<void>;
  /** Keeps a content under its CID, and returns that. */
  keep: (contentType: string, text: string) => Promise<string>;
  /** What is kept under a CID, if anything. */
  kept: (cid: string) => Promise<Content | null>;
  /** Where a browser finds what is kept under a CID. */
  addressOf: (cid: string) => string;
};

export type Result = Record<string, unknown>;

/** One of the four agents: where it is called, and what it makes of a call. */
export type BuiltInAgent = {
  path: string;
  /** The work that a body asks for. @throws {Refusal} when the body is not what the agent takes */
  read: (body: unknown) => (tools: Tools) => Promise<Result>;
};

/** An agent's no: the same call would be refused again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Of the answer, where it is no stream. */
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.status = status;
  }
}

/** An agent whose body is described by a schema. */
export function defineAgent<Input>(
  path: string,
  schema: z.ZodType<Input>,
  work: (input: Input, tools: Tools) => Promise<Result>,
): BuiltInAgent {
  return {
    path,
    read: (body) => {
      const parsed = schema.safeParse(body);
      if (parsed.success) return (tools) => work(parsed.data, tools);
      const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
      throw new Refusal(problems.join('; '), 400);
    },
  };
}
