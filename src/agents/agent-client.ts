import { type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import { MAX_TIMER_MS } from '../orchestrator/domain/retry-policy.ts';
import type { AgentOutcome, CallAgent } from '../orchestrator/ports/call-agent.ts';
import { untilAborted } from '../orchestrator/until-aborted.ts';
import { type AgentTarget, agentTarget, redactDeep } from './agent-target.ts';
import { FailedAttempt } from './failures.ts';
import { httpTransport } from './http-transport.ts';
import { createPartialText } from './partial-text.ts';
import { progressLines } from './progress-lines.ts';
import { requestAgent } from './request-agent.ts';
import { fetchTransport, guardedTransport } from './transport.ts';
import { usageLine } from './usage-line.ts';

export type AgentClientOptions = {
  /**
   * Base URL of each agent, and the longest time that one attempt may take, in ms, from connecting to the last byte.
   * It is measured with setTimeout and includes the time spent waiting for `onProgress`. Failures call the agent by its
   * `label`, by default host and port.
   */
  agents: Record<AgentName, { url: string; timeoutMs: number; label?: string | undefined }>;
  /** For tests: sends the requests instead of node:http. `fetchTransport` documents what Node's own fetch would change. */
  fetch?: typeof fetch;
  /** ms since the epoch, for a Retry-After that is a date. @default Date.now */
  now?: () => number;
  /** @default 'hauntedai-orchestrator' */
  userAgent?: string;
};

/** The path of each agent's endpoint. */
const PATHS: Record<AgentName, string> = {
  story: '/generate',
  asset: '/generate',
  code: '/generate',
  deploy: '/deploy',
};

/**
 * Calls agents over HTTP: one connection and one request for each attempt. On a timeout the connection is closed at once;
 * the outcome follows when the `onProgress` calls in progress have settled, so that no line comes after it.
 * `onProgress` is called for all lines of a chunk of the body before the first of them is awaited.
 *
 * Rejects with the signal's reason when it aborts, and with `onProgress`'s error when that rejects (saving a line
 * failed, which is not the agent's fault). Every failure of the agent is an outcome.
 * @throws {TypeError} immediately, when a URL is not an http or https URL
 */
export function createAgentClient(options: AgentClientOptions): CallAgent {
  const { agents, now = Date.now, userAgent = 'hauntedai-orchestrator' } = options;
  const transport = options.fetch === undefined ? httpTransport : fetchTransport(options.fetch);
  const context = (agent: AgentName) => {
    const { url, label } = agents[agent];
    const found = agentTarget(url, PATHS[agent]);
    const target = { ...found, label: label ?? found.label };
    return { target, transport: guardedTransport(transport, target.label), userAgent, now };
  };
  const contexts = byAgent(context);

  return async (call, signal) => {
    signal.throwIfAborted();
    const { target } = contexts[call.agent];
    const progress = progressLines(call.onProgress, target.redact);
    const partials = createPartialText((channel, text) => call.onPartial?.(channel, text), target, progress.warn);
    const onUsage = (sent: unknown) => {
      const usage = usageLine(sent, target.redact);
      if (usage !== null) call.onUsage?.(usage);
    };
    const listeners = { progress, onPartial: partials.add, onUsage };
    const stop = new AbortController();
    const cancel = () => stop.abort(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    const timer = stopAfter(agents[call.agent].timeoutMs, stop, target.label);
    try {
      const work = requestAgent(call, { ...contexts[call.agent], listeners }, stop.signal);
      const outcome = await untilAborted(work, stop.signal).then(
        (result): AgentOutcome => ({ type: 'succeeded', result }),
        (error: unknown) => {
          stop.abort();
          return failedOutcome(error);
        },
      );
      clearTimeout(timer);
      partials.end();
      await untilAborted(progress.delivered(), signal);
      return redacted(outcome, target);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  };
}

function stopAfter(timeoutMs: number, stop: AbortController, label: string): NodeJS.Timeout {
  const limit = timeoutMs % 1_000 === 0 ? `${timeoutMs / 1_000} s` : `${timeoutMs} ms`;
  const reason = new FailedAttempt('TIMEOUT', `no complete response from ${label} within ${limit}`);
  return setTimeout(() => stop.abort(reason), Math.min(timeoutMs, MAX_TIMER_MS));
}

/** The one place where a thrown failure becomes a value. Anything else that is thrown is not the agent's fault. */
function failedOutcome(error: unknown): AgentOutcome {
  if (error instanceof FailedAttempt) return { type: 'failed', failure: error.failure };
  throw error;
}

/** An agent may send back what it was sent, including its password. */
function redacted(outcome: AgentOutcome, { authorization, redact }: AgentTarget): AgentOutcome {
  if (authorization === null) return outcome;
  if (outcome.type === 'succeeded') return { ...outcome, result: redactDeep(outcome.result, redact) };
  return { type: 'failed', failure: { ...outcome.failure, message: redact(outcome.failure.message) } };
}
