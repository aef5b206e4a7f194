import { expect } from 'vitest';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';

type Line = { agentType: string; metadata?: Record<string, unknown> | null | undefined };

/**
 * Fails unless the lines of one workflow are a valid sequence: it starts and finishes once, with nothing before or after;
 * agents run in the chain's order; attempts are numbered and do not overlap (a repeated attempt keeps its number); an
 * agent's lines fall within its own attempt; and an agent has no attempt after its step has ended.
 */
export function expectValidWorkflowLog(lines: readonly Line[]): void {
  const events = lines.filter(({ agentType }) => agentType === 'orchestrator');
  expect(events.at(0)?.metadata?.['event']).toBe('workflow.started');
  expect(lines.at(-1)?.metadata?.['event']).toBe('workflow.finished');

  // A retried workflow keeps the results of the agents before the first one that it runs.
  const from = (events[0]?.metadata?.['from'] ?? 'story') as AgentName;
  let open: { agent: AgentName; attempt: number } | null = null;
  const attempts: Record<AgentName, number> = { story: 0, asset: 0, code: 0, deploy: 0 };
  const ended: AgentName[] = AGENT_NAMES.slice(0, AGENT_NAMES.indexOf(from));
  for (const { agentType, metadata } of lines.slice(1, -1)) {
    if (agentType !== 'orchestrator') {
      expect(open?.agent).toBe(agentType);
      continue;
    }
    const { event, agent, attempt } = metadata as { event: string; agent: AgentName; attempt: number };
    if (event === 'attempt.started') {
      expect(open).toBeNull();
      expect(AGENT_NAMES[ended.length]).toBe(agent);
      attempts[agent] += 1;
      expect(attempt).toBe(attempts[agent]);
      open = { agent, attempt };
    } else if (event === 'attempt.resumed') {
      // The process died or was stopped, and the same attempt is repeated.
      expect(open).toEqual({ agent, attempt });
    } else if (['attempt.failed', 'step.failed', 'step.succeeded'].includes(event)) {
      expect(open).toEqual({ agent, attempt });
      open = null;
      if (event !== 'attempt.failed') ended.push(agent);
    } else {
      expect(['deployment.completed', 'reward.paid']).toContain(event);
      expect(open).toBeNull();
    }
  }
  expect(open).toBeNull();
  expect(ended).toEqual(AGENT_NAMES);
}
