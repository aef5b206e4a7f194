import { cleanFailure, createAgentCall } from './agent-call.ts';
import { agentInput } from './domain/agent-input.ts';
import { cleanText } from './domain/clean-text.ts';
import { createLineWriter } from './line-writer.ts';
import type { AgentOutcome, CallAgent } from './ports/agents.ts';
import type { PublishLines } from './ports/log.ts';
import type { AppendAgentLines, Lease, WorkflowSnapshot } from './ports/store.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import type { RunningCall } from './running-calls.ts';
import type { EndedAttempt } from './transitions.ts';

export type AttemptDeps = {
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  publish: PublishLines;
  retryWhileUnavailable: RetryWhileUnavailable;
  /** When this worker last asked whether it lives and got the answer, in ms of `now`. */
  seenAt: () => number;
  /** Milliseconds from a monotonic clock. */
  now: () => number;
};

/** Less than a worker may be away before others take over: a call is begun only under a lease that must still be held. */
const TRUST_LEASE_MS = 5_000;

/**
 * The attempt that a lease is held for: calls the agent, and writes its lines as they come.
 * @returns how it ended, with the lines that are left to be saved along with it; and what writes them by themselves.
 */
export async function makeAttempt(
  { lease, snapshot, askedAt, lastSeq }: { lease: Lease; snapshot: WorkflowSnapshot; askedAt: number; lastSeq: number },
  { signal, lose }: RunningCall,
  { appendAgentLines, callAgent, publish, retryWhileUnavailable, seenAt, now }: AttemptDeps,
): Promise<{ ended: EndedAttempt; writeLines: () => Promise<void> }> {
  const { id, roomId, viewerId, userInput } = snapshot.workflow;
  const input = agentInput(lease.agent, { roomId, userId: viewerId, userInput, results: snapshot.results });
  let afterSeq = lastSeq;
  const lines = createLineWriter(
    (batch) => retryWhileUnavailable(() => appendAgentLines(lease, roomId, batch, afterSeq), signal),
    (written) => {
      afterSeq = written.at(-1)?.seq ?? afterSeq;
      publish(written);
    },
    lose,
  );
  const startedAt = now();
  const unhandled = (error: unknown): AgentOutcome => {
    signal.throwIfAborted();
    return unhandledAnswer(error);
  };
  // A process that was paused since may wake here, and another have the agent's result already.
  const beforeSending = () => {
    if (now() - Math.max(askedAt, seenAt()) > TRUST_LEASE_MS) lose();
  };
  const call = createAgentCall(id, lease.agent, input, lines.write, beforeSending);
  const outcome = await callAgent(call, signal).catch(unhandled);
  const durationMs = Math.round(now() - startedAt);
  const left = await lines.rest().catch(unhandled);
  const ended = Array.isArray(left)
    ? { outcome: cleaned(outcome), durationMs, input, lines: left }
    : { outcome: cleaned(left), durationMs, input, lines: [] };
  return { ended, writeLines: lines.drain };
}

/** Something about the answer could not be dealt with, and that must not end the process. */
export function unhandledAnswer(error: unknown): AgentOutcome {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  const message = cleanText(`what the agent sent could not be kept: ${reason}`, 500);
  return { type: 'failed', failure: { code: 'BAD_RESPONSE', message, final: false } };
}

function cleaned(outcome: AgentOutcome): AgentOutcome {
  return outcome.type === 'succeeded' ? outcome : { type: 'failed', failure: cleanFailure(outcome.failure) };
}
