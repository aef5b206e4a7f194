import type { AgentCall, AgentOutcome } from '../orchestrator/ports/agents.ts';
import type { AgentTarget } from './agent-target.ts';
import { FailedAttempt } from './failures.ts';
import { httpStatusFailure } from './http-status-failure.ts';
import type { ProgressLines } from './progress-lines.ts';
import { readAnswer, readBeginning } from './read-answer.ts';
import type { Transport } from './transport.ts';

/** Enough of an error body to find the agent's words in it. */
const ERROR_BODY_BYTES = 64 * 1024;

export type AskContext = {
  target: AgentTarget;
  transport: Transport;
  progress: ProgressLines;
  userAgent: string;
  /** ms since the epoch */
  now: () => number;
};

/**
 * One request and what became of it, with no limit of time.
 * @throws {FailedAttempt} CONNECTION, HTTP_STATUS, REFUSED or BAD_RESPONSE: the connection is of no more use
 */
export async function askAgent(call: AgentCall, context: AskContext, signal: AbortSignal): Promise<AgentOutcome> {
  const { target, transport, progress, now } = context;
  const body = JSON.stringify(call.input);
  const request = { method: 'POST', url: target.url, headers: headers(call, context), body } as const;
  const answer = await transport({ ...request, beforeSending: call.beforeSending }, signal);
  if (answer.status !== 200) {
    throw new FailedAttempt(httpStatusFailure(answer, await readBeginning(answer, ERROR_BODY_BYTES), now()));
  }
  const outcome = await readAnswer(call.agent, answer, progress);
  answer.leave();
  return outcome;
}

function headers(call: AgentCall, { target, userAgent }: AskContext): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: 'application/x-ndjson, application/json',
    // Compression would hold back progress lines.
    'Accept-Encoding': 'identity',
    'Idempotency-Key': call.idempotencyKey,
    traceparent: call.traceparent,
    'User-Agent': userAgent,
    ...(target.authorization === null ? {} : { Authorization: target.authorization }),
  };
}
