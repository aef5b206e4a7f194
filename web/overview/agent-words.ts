import { countdown } from '../shared/time.ts';
import { agentTitle, count } from '../shared/words.ts';
import type { AgentState } from './operations.ts';

/** How an agent is, for its colour; the words say the same. */
export type AgentMood = 'bad' | 'warn' | 'busy' | 'good' | 'unknown';

export function moodOf({ healthy, limit, recentFailures, waiting, running }: AgentState): AgentMood {
  if (healthy === false || limit === 0) return 'bad';
  if (recentFailures > 0) return 'warn';
  if (running > 0 || waiting > 0) return 'busy';
  return healthy === null ? 'unknown' : 'good';
}

/** How an agent is, in a word or two. */
export function agentWord({ healthy, checkedAt, limit, recentFailures, running, waiting }: AgentState): string {
  if (healthy === false) return 'Down';
  if (limit === 0) return 'No worker';
  if (recentFailures > 0) return 'Failed lately';
  if (running > 0) return 'Working';
  if (waiting > 0) return 'Waiting';
  if (healthy !== null) return 'Up';
  return checkedAt === null ? 'Not checked' : 'No health check';
}

/** What it is doing, and what is wrong: a part for each figure that is not zero. */
export function agentFigures({ running, limit, waiting, oldestWaitingSeconds, recentFailures }: AgentState): string[] {
  const oldest = oldestWaitingSeconds === null ? '' : `, oldest ${countdown(oldestWaitingSeconds * 1_000)}`;
  return [
    ...(running > 0 ? [limit === null ? `${running} busy` : `${running} of ${limit} busy`] : []),
    ...(waiting > 0 ? [`${waiting} waiting${oldest}`] : []),
    ...(recentFailures > 0 ? [`${count(recentFailures, 'attempt')} failed in 10 min`] : []),
  ];
}

/** The one thing about the agents that an operator should know first. */
export function agentsSummary(agents: readonly AgentState[]): { text: string; mood: AgentMood } {
  const named = (matching: (agent: AgentState) => boolean) =>
    new Intl.ListFormat('en').format(agents.filter(matching).map(({ name }) => agentTitle(name)));
  const are = (matching: (agent: AgentState) => boolean) => (agents.filter(matching).length === 1 ? 'is' : 'are');
  const isDown = ({ healthy }: AgentState) => healthy === false;
  const isFailing = ({ recentFailures }: AgentState) => recentFailures > 0;
  if (agents.length > 0 && agents.every(({ limit }) => limit === 0)) {
    return { text: 'No worker is running, so no agent is called', mood: 'bad' };
  }
  if (agents.some(isDown)) return { text: `${named(isDown)} ${are(isDown)} down`, mood: 'bad' };
  if (agents.some(isFailing)) return { text: `${named(isFailing)} failed lately`, mood: 'warn' };
  if (agents.some(({ healthy }) => healthy === null)) return { text: 'No agent is known to fail', mood: 'unknown' };
  return { text: 'All agents are up', mood: 'good' };
}
