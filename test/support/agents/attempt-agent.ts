import { createAgentClient } from '../../../src/agents/agent-client.ts';
import { type AgentName, byAgent } from '../../../src/orchestrator/domain/agents.ts';
import type { AgentOutcome, AgentProgress } from '../../../src/orchestrator/ports/call-agent.ts';

export type AttemptOptions = {
  agent?: AgentName;
  input?: Record<string, unknown>;
  /** In ms. Long by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
  onProgress?: (line: AgentProgress) => Promise<void>;
  onPartial?: (channel: string, text: string) => void;
  /** ms since the epoch */
  now?: () => number;
  userAgent?: string;
  fetch?: typeof fetch;
};

/** Makes one attempt with the agents' client, and returns its outcome and the lines that arrived. */
export async function attemptAgent(
  urls: Record<AgentName, string>,
  {
    agent = 'story',
    input = {},
    timeoutMs = 20_000,
    signal,
    onProgress,
    onPartial = () => {},
    ...options
  }: AttemptOptions = {},
): Promise<{ outcome: AgentOutcome; lines: AgentProgress[] }> {
  const agents = byAgent((name) => ({ url: urls[name], timeoutMs }));
  const callAgent = createAgentClient({ agents, ...options });
  const lines: AgentProgress[] = [];
  const call = {
    agent,
    input,
    idempotencyKey: `workflow:${agent}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    onPartial,
    onProgress:
      onProgress ??
      (async (line: AgentProgress) => {
        lines.push(line);
      }),
  };
  const outcome = await callAgent(call, signal ?? new AbortController().signal);
  return { outcome, lines };
}
