import { randomUUID } from 'node:crypto';
import type { AgentResult, StepResults } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import {
  advance,
  type ChainEvent,
  type ChainState,
  type Decision,
  initialChain,
} from '../orchestrator/domain/chain.ts';
import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';
import type { CallAgent } from '../orchestrator/ports/agents.ts';
import type { LineQueue } from './line-queue.ts';

/** What is the same for all workflows of an orchestrator. */
export type WorkflowDeps = {
  callAgent: CallAgent;
  policy: RetryPolicy;
  /** Makes a wait between two attempts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** ms since the epoch */
  now: () => number;
};

/** What a workflow is asked to do. */
export type WorkflowRequest = { roomId: string; userInput: string; userId: string; signal: AbortSignal };

/** The next call that the chain has decided on. */
export type NextCall = Extract<Decision, { type: 'call' }>;

/** A workflow in memory: the chain's state, and what the agents made so far. */
export type WorkflowRun = WorkflowRequest & {
  /** A UUID. Agents see it in their Idempotency-Key, the same on every attempt. */
  readonly id: string;
  readonly deps: WorkflowDeps;
  readonly lines: LineQueue;
  readonly startedAt: number;
  chain: ChainState;
  results: StepResults;
  /** The agent whose turn it is; null before the first and after the last. */
  currentAgent: AgentName | null;
};

export function createWorkflowRun(deps: WorkflowDeps, request: WorkflowRequest, lines: LineQueue): WorkflowRun {
  const startedAt = deps.now();
  return {
    ...request,
    deps,
    lines,
    startedAt,
    id: randomUUID(),
    chain: initialChain(),
    results: {},
    currentAgent: null,
  };
}

/** Lets an event happen; says what the chain has decided. */
export function happened(run: WorkflowRun, event: ChainEvent): Decision[] {
  const { state, decisions } = advance(run.chain, event, run.deps.policy);
  run.chain = state;
  return decisions;
}

/** The call that is to be made next; null when the workflow has ended. */
export function nextCall(decisions: readonly Decision[]): NextCall | null {
  return decisions.find((decision) => decision.type === 'call') ?? null;
}

/** Writes a line of the orchestrator's into the room's log. Nobody waits for it. */
export function tell(run: WorkflowRun, line: NewLogLine): void {
  void run.lines.write(line);
}

/** A step's result is kept for the agents after it. */
export function keepResult(run: WorkflowRun, agent: AgentName, result: AgentResult): void {
  run.results = { ...run.results, [agent]: result };
}

/** Since `from` (ms, from `now`), in whole ms; never negative, whatever the clock does. */
export function elapsedMs(run: WorkflowRun, from: number): number {
  return Math.max(0, Math.round(run.deps.now() - from));
}
