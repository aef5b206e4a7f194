import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import type { AgentCall } from '../orchestrator/ports/call-agent.ts';
import type { AgentTarget } from './agent-target.ts';
import { readErrorBody } from './read-error-body.ts';
import { readResponse, type StreamListeners } from './read-response.ts';
import { httpStatusFailure } from './reported-failures.ts';
import type { Transport } from './transport.ts';

export type AgentRequestContext = {
  target: AgentTarget;
  transport: Transport;
  listeners: StreamListeners;
  userAgent: string;
  /** ms since the epoch */
  now: () => number;
};

/**
 * Sends one request and reads the response, without a timeout.
 * @throws {FailedAttempt} CONNECTION, HTTP_STATUS, REFUSED or BAD_RESPONSE
 */
export async function requestAgent(
  call: AgentCall,
  context: AgentRequestContext,
  signal: AbortSignal,
): Promise<AgentResult> {
  const { target, transport, listeners, now } = context;
  const body = JSON.stringify(call.input);
  const request = { method: 'POST', url: target.url, headers: headers(call, context), body } as const;
  const response = await transport({ ...request, beforeSending: call.beforeSending }, signal);
  if (response.status !== 200) throw httpStatusFailure(response, await readErrorBody(response), now());
  return await readResponse(call.agent, response, listeners);
}

function headers(call: AgentCall, { target, userAgent }: AgentRequestContext): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: 'application/x-ndjson, application/json',
    // Compression would delay progress lines.
    'Accept-Encoding': 'identity',
    'Idempotency-Key': call.idempotencyKey,
    traceparent: call.traceparent,
    'User-Agent': userAgent,
    ...(target.authorization === null ? {} : { Authorization: target.authorization }),
  };
}
