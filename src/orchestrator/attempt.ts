import { cleanFailure, createAgentCall } from './agent-call.ts';
import { agentInput } from './domain/agent-input.ts';
import { cleanText } from './domain/clean-text.ts';
import { LEASE_TRUST_MS } from './domain/liveness.ts';
import { createLineWriter } from './line-writer.ts';
import { createOutputWriter, type OutputWriterDeps } from './output-writer.ts';
import type { AgentOutcome, CallAgent } from './ports/call-agent.ts';
import type { PublishLines } from './ports/log.ts';
import type { PublishOutput, SaveOutput } from './ports/output.ts';
import type { AppendAgentLines, Lease, WorkflowSnapshot } from './ports/store.ts';
import type { SaveUsage } from './ports/usage.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import type { RunningCall } from './running-calls.ts';
import type { EndedAttempt } from './transitions.ts';
import { createUsageWriter } from './usage-writer.ts';

export type AttemptDeps = {
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  saveUsage: SaveUsage;
  publish: PublishLines;
  saveOutput: SaveOutput;
  publishOutput: PublishOutput;
  retryWhileUnavailable: RetryWhileUnavailable;
  /** When a heartbeat was sent whose answer confirmed the lease of this call, in ms of `now`; -Infinity: none was. */
  confirmedAt: (order: number) => number;
  /** Milliseconds from a monotonic clock. */
  now: () => number;
};

/** A step that this process holds the lease of. */
export type LeasedStep = {
  lease: Lease;
  /** The workflow as it was left by the change that took the step. */
  snapshot: WorkflowSnapshot;
  /** When the taking was requested and when it was answered, in ms of the monotonic clock. */
  requestedAt: number;
  takenAt: number;
  /** `seq` of the room's last line. */
  lastSeq: number;
};

/**
 * Makes the attempt that a lease was taken for: calls the agent and writes its progress lines as they arrive.
 * @returns how it ended, with the lines that the caller saves along with the outcome; `writeLines` saves those lines on
 * their own instead.
 */
export async function makeAttempt(
  { lease, snapshot, requestedAt, lastSeq }: LeasedStep,
  { signal, order, loseLease }: RunningCall,
  deps: AttemptDeps,
): Promise<{ ended: EndedAttempt; writeLines: () => Promise<void> }> {
  const { appendAgentLines, callAgent, saveUsage, publish, retryWhileUnavailable, confirmedAt, now } = deps;
  const { id, roomId, viewerId } = snapshot.workflow;
  const input = agentInput(lease.agent, { ...snapshot.workflow, userId: viewerId, results: snapshot.results });
  let afterSeq = lastSeq;
  const lines = createLineWriter({
    append: (batch) => retryWhileUnavailable(() => appendAgentLines(lease, roomId, batch, afterSeq), signal),
    onWritten(written) {
      afterSeq = written.at(-1)?.seq ?? afterSeq;
      publish(written);
    },
    onLeaseLost: loseLease,
  });
  const output = createOutputWriter({
    ...outputOf({ lease, snapshot }, deps, signal),
    onLeaseLost: loseLease,
    warn: (message) => void lines.write({ agentType: lease.agent, level: 'warn', message, metadata: null }),
    signal,
  });
  const startedAt = now();
  const toFailure = (error: unknown): AgentOutcome => {
    signal.throwIfAborted();
    return unsavableResponse(error);
  };
  // The process may have been paused since it took the step, and another worker may have finished it.
  const beforeSending = () => {
    if (now() - Math.max(requestedAt, confirmedAt(order)) > LEASE_TRUST_MS) loseLease();
  };
  const { attempt } = snapshot.chain.steps[lease.agent];
  const usage = createUsageWriter((total, knownCostUsd) =>
    retryWhileUnavailable(() => saveUsage(lease, attempt, total, knownCostUsd), signal),
  );
  const listeners = { write: lines.write, onUsage: usage.add, onPartial: output.add, beforeSending };
  const call = createAgentCall(id, lease.agent, input, listeners);
  const answered = await callAgent(call, signal).catch(toFailure);
  // Before the outcome: the next attempt must know what this one has cost.
  const outcome = await usage.saved().then(() => answered, toFailure);
  const durationMs = Math.round(now() - startedAt);
  await output.end();
  const left = await lines.rest().catch(toFailure);
  const ended = Array.isArray(left)
    ? { outcome: cleaned(outcome), durationMs, input, lines: left, usage: usage.total() }
    : { outcome: cleaned(left), durationMs, input, lines: [], usage: usage.total() };
  return { ended, writeLines: lines.drain };
}

/** Saves and publishes what the attempt's agent streams. */
function outputOf(
  { lease, snapshot }: Pick<LeasedStep, 'lease' | 'snapshot'>,
  { saveOutput, publishOutput, retryWhileUnavailable }: AttemptDeps,
  signal: AbortSignal,
): Pick<OutputWriterDeps, 'save' | 'onSaved'> {
  const { workflowId, agent, number: call } = lease;
  const { attempt } = snapshot.chain.steps[agent];
  return {
    save: (pieces, isLast) => retryWhileUnavailable(() => saveOutput(lease, attempt, pieces, isLast), signal),
    onSaved: (pieces) => publishOutput(snapshot.workflow.roomId, { workflowId, agent, attempt, call, pieces }),
  };
}

/** The outcome of an attempt whose response, or one of its lines, cannot be saved. */
export function unsavableResponse(error: unknown): AgentOutcome {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  const message = cleanText(`the agent's response could not be saved: ${reason}`, 500);
  return { type: 'failed', failure: { code: 'BAD_RESPONSE', message, final: false } };
}

function cleaned(outcome: AgentOutcome): AgentOutcome {
  return outcome.type === 'succeeded' ? outcome : { type: 'failed', failure: cleanFailure(outcome.failure) };
}
